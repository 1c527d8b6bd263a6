/**
 * devices: the identity of this peer goes to another device of the same person, or that of another one comes here. The file is a backup,
 * sealed for this one transfer (`backup/`); what is said on the way is in `mesh/protocols/device`. All but the list of states is
 * loaded when somebody begins.
 */
export { Devices } from "./devices.ts";
export { deviceWatches } from "./watches.ts";
