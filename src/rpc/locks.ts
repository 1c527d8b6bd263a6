/** What this room needs of `navigator.locks`; a test has it in memory. */
export interface LockPort {
  request<Result>(
    name: string,
    options: {
      readonly ifAvailable?: boolean;
      readonly signal?: AbortSignal;
      /** Takes it from whoever holds it, whose `request` rejects then; those in line stay in line. Goes with no other option. */
      readonly steal?: boolean;
      /** Default: exclusive. */
      readonly mode?: "exclusive" | "shared";
    },
    callback: (lock: { readonly name: string } | null) => Result | Promise<Result>,
  ): Promise<Result>;
}
