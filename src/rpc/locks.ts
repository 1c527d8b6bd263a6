/** What this room needs of `navigator.locks`; a test has it in memory. Only exclusive locks are used. */
export interface LockPort {
  request<Result>(
    name: string,
    options: { readonly ifAvailable?: boolean; readonly signal?: AbortSignal },
    callback: (lock: { readonly name: string } | null) => Result | Promise<Result>,
  ): Promise<Result>;
}
