/** A bare data channel between two pages that carries as much as it can: the reference for bulk transfers. */
import type { Page } from "@playwright/test";

interface BulkWire {
  offer(): Promise<RTCSessionDescriptionInit>;
  answer(offer: RTCSessionDescriptionInit): Promise<RTCSessionDescriptionInit>;
  accept(answer: RTCSessionDescriptionInit): Promise<void>;
  send(amount: number): Promise<void>;
  /** Resolves when so many bytes have come since the call. */
  receive(amount: number): Promise<void>;
}

declare global {
  interface Window {
    bulkWire: BulkWire;
  }
}

export async function openBulkWire(from: Page, to: Page): Promise<void> {
  for (const page of [from, to]) await page.evaluate(installBulkWire);
  const offer = await from.evaluate(() => window.bulkWire.offer());
  const answer = await to.evaluate((description) => window.bulkWire.answer(description), offer);
  await from.evaluate((description) => window.bulkWire.accept(description), answer);
}

/** Resolves when all of it has arrived. */
export async function pushOverWire(from: Page, to: Page, amount: number): Promise<void> {
  const received = to.evaluate((bytes) => window.bulkWire.receive(bytes), amount);
  await from.evaluate((bytes) => window.bulkWire.send(bytes), amount);
  await received;
}

/** Runs in the page. */
function installBulkWire(): void {
  /** The largest message that every browser takes, and faster here than the 16 KiB of @libp2p/webrtc. */
  const message = 65_536;
  /** Chromium's queue takes 16 MB; a few of these keep it busy. */
  const high = 1_048_576;
  const connection = new RTCPeerConnection();
  let channel: RTCDataChannel | null = null;
  let arrived = 0;
  let wake: () => void = () => undefined;

  const described = async (): Promise<RTCSessionDescriptionInit> => {
    await connection.setLocalDescription();
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (connection.iceGatheringState === "complete") resolve();
      };
      connection.addEventListener("icegatheringstatechange", check);
      check();
    });
    return JSON.parse(JSON.stringify(connection.localDescription)) as RTCSessionDescriptionInit;
  };

  window.bulkWire = {
    offer: async () => {
      channel = connection.createDataChannel("bulk");
      channel.bufferedAmountLowThreshold = high / 4;
      return await described();
    },
    answer: async (offer) => {
      connection.addEventListener("datachannel", (event) => {
        event.channel.binaryType = "arraybuffer";
        event.channel.addEventListener("message", ({ data }: MessageEvent<ArrayBuffer>) => {
          arrived += data.byteLength;
          wake();
        });
      });
      await connection.setRemoteDescription(offer);
      return await described();
    },
    accept: async (answer) => {
      await connection.setRemoteDescription(answer);
      await new Promise<void>((resolve) => {
        if (channel?.readyState === "open") resolve();
        else channel?.addEventListener("open", () => resolve(), { once: true });
      });
    },
    send: async (amount) => {
      if (channel === null) throw new Error("the channel is not open");
      const wire = channel;
      const bytes = new Uint8Array(message).fill(7);
      for (let sent = 0; sent < amount; sent += message) {
        wire.send(bytes);
        if (wire.bufferedAmount >= high) {
          await new Promise((resolve) => {
            wire.addEventListener("bufferedamountlow", resolve, { once: true });
          });
        }
      }
    },
    receive: (amount) => {
      arrived = 0;
      return new Promise((resolve) => {
        wake = () => {
          if (arrived >= amount) resolve();
        };
      });
    },
  };
}
