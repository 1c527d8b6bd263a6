/** A data channel between two pages with nothing of the product in it: the reference for what travels between peers. */
import type { Page } from "@playwright/test";

interface Wire {
  offer(): Promise<RTCSessionDescriptionInit>;
  answer(offer: RTCSessionDescriptionInit): Promise<RTCSessionDescriptionInit>;
  /** Resolves when the channel is open. */
  accept(answer: RTCSessionDescriptionInit): Promise<void>;
  readonly channel: RTCDataChannel;
}

declare global {
  interface Window {
    benchWire: Wire;
  }
}

/** Messages that measure how far the clocks are apart; the fastest of them counts. */
const CLOCK_ROUNDS = 50;
/** A message that asks for the time instead of being put on the screen. */
const CLOCK_QUESTION = "?";

/** Opens it from the first page to the second. What arrives there is put on the screen with the mark of the probe. */
export async function openWire(from: Page, to: Page, mark: string): Promise<void> {
  for (const page of [from, to]) await page.evaluate(installWire, { mark, question: CLOCK_QUESTION });
  const offer = await from.evaluate(() => window.benchWire.offer());
  const answer = await to.evaluate((description) => window.benchWire.answer(description), offer);
  await from.evaluate((description) => window.benchWire.accept(description), answer);
}

/** Sends one message; milliseconds since 1970 when it was sent. */
export function sendOverWire(from: Page, text: string): Promise<number> {
  return from.evaluate((message) => {
    const at = window.benchProbe.now();
    window.benchWire.channel.send(message);
    return at;
  }, text);
}

/**
 * Milliseconds by which the clock of the other end is ahead: every page derives its time of day from when its process
 * started. Taken from the fastest round trip, so it is wrong by half of that at most.
 */
export function clockOffset(from: Page): Promise<number> {
  return from.evaluate(
    async ({ rounds, question }) => {
      const { channel } = window.benchWire;
      let best = { trip: Infinity, offset: 0 };
      for (let round = 0; round < rounds; round++) {
        const sent = window.benchProbe.now();
        const theirs = await new Promise<number>((resolve) => {
          channel.addEventListener("message", ({ data }: MessageEvent<string>) => resolve(Number(data)), {
            once: true,
          });
          channel.send(question);
        });
        const got = window.benchProbe.now();
        if (got - sent < best.trip) best = { trip: got - sent, offset: theirs - (sent + got) / 2 };
      }
      return best.offset;
    },
    { rounds: CLOCK_ROUNDS, question: CLOCK_QUESTION },
  );
}

/** Runs in the page. */
function installWire({ mark, question }: { mark: string; question: string }): void {
  const connection = new RTCPeerConnection();
  const card = document.createElement("article");
  card.style.cssText = "position:fixed;inset:0 auto auto 0;z-index:9";
  let channel: RTCDataChannel | null = null;

  /** The description with all its candidates: nothing is sent after it. */
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
  const receive = ({ data }: MessageEvent<string>): void => {
    if (data === question) return channel?.send(String(window.benchProbe.now()));
    const line = document.createElement("p");
    line.setAttribute(mark, data);
    line.textContent = data;
    card.replaceChildren(line);
  };

  window.benchWire = {
    get channel() {
      if (channel === null) throw new Error("the channel is not open");
      return channel;
    },
    offer: async () => {
      channel = connection.createDataChannel("bench");
      return await described();
    },
    answer: async (offer) => {
      document.body.append(card);
      connection.addEventListener("datachannel", (event) => {
        ({ channel } = event);
        channel.addEventListener("message", receive);
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
  };
}
