import { expect, it } from "vitest";
import { ConnectionMaker } from "../../src/mesh/rtc/make.ts";

/** A browser that refuses more than `limit` objects, closed ones that were not collected among them. */
function browser(limit: number) {
  let now = 0;
  let objects = 0;
  let closed = 0;
  let collections = 0;
  const maker = new ConnectionMaker({
    create: ({ iceServers }) => {
      if (iceServers !== undefined) throw new DOMException("no such server", "SyntaxError");
      if (objects >= limit) throw new DOMException("Cannot create so many PeerConnections", "UnknownError");
      objects += 1;
      return {} as RTCPeerConnection;
    },
    collect: () => {
      collections += 1;
      objects -= closed;
      closed = 0;
    },
    now: () => now,
  });
  return {
    make: () => maker.make({}),
    makeBadly: () => maker.make({ iceServers: [{ urls: "nonsense" }] }),
    close: (many: number) => (closed += many),
    wait: (milliseconds: number) => (now += milliseconds),
    collections: () => collections,
  };
}

it("at the limit what was closed is collected, and the next is made in the same turn", () => {
  const { close, collections, make } = browser(10);
  for (let made = 0; made < 10; made++) make();
  expect(collections()).toBe(0);
  close(10);
  for (let made = 0; made < 10; made++) make();
  expect(collections()).toBe(1);
});

it("where as many are open the collector is not asked with each further one", () => {
  const { close, collections, make, wait } = browser(10);
  for (let made = 0; made < 10; made++) make();
  for (let refused = 0; refused < 50; refused++) expect(make).toThrow("so many");
  expect(collections()).toBe(1);
  close(1);
  wait(4_999);
  expect(make).toThrow("so many");
  wait(1);
  make();
  expect(collections()).toBe(2);
});

it("a bad setting is no reason to collect", () => {
  const { collections, makeBadly } = browser(10);
  expect(makeBadly).toThrow("no such server");
  expect(collections()).toBe(0);
});
