/** Stands for a value that is there, but that the browser cannot read. */
export const ILLEGIBLE = Symbol("illegible");

/**
 * The result of a request whose failure must not fail its transaction: where one record that cannot be read is no reason
 * to do nothing.
 */
export function legible<T>(request: IDBRequest<T>): Promise<T | typeof ILLEGIBLE> {
  return new Promise((resolve) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", (event) => {
      event.preventDefault();
      event.stopPropagation();
      resolve(ILLEGIBLE);
    });
  });
}
