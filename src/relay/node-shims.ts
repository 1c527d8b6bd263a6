/**
 * What js-libp2p takes for granted and Node 20 lacks. Import this first: libp2p calls it while its modules load.
 * Node 22 has it, and then nothing is replaced.
 */
if (typeof Promise.withResolvers !== "function") {
  Object.defineProperty(Promise, "withResolvers", {
    configurable: true,
    writable: true,
    value: function withResolvers<T>(this: PromiseConstructor): PromiseWithResolvers<T> {
      let resolve!: PromiseWithResolvers<T>["resolve"];
      let reject!: PromiseWithResolvers<T>["reject"];
      const promise = new this<T>((fulfil, refuse) => {
        resolve = fulfil;
        reject = refuse;
      });
      return { promise, resolve, reject };
    },
  });
}
