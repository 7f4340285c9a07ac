// The version of the contract that this client was generated from, and the warning of a server of another one.

export const VERSION = "0.1.0";
let isWarned = false;

/** Warns once if the server has another major version; `version` is its `Latchkey-Version`. */
export function checkVersion(version: string | null): void {
  if (isWarned || !version || version.split(".")[0] === VERSION.split(".")[0]) return;
  isWarned = true;
  console.warn(`the server has version ${version} of Latchkey, this client is of version ${VERSION}`);
}
