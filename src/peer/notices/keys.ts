/** Names of the settings that notices are kept under; in a backup, too: what was told on one device is no news on the next. */
export const NOTICES_KEY = "notices";
export const NOTICE_SETTINGS_KEY = "notices.settings";
