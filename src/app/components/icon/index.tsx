/** The few pictures of the interface, 24 by 24, drawn with one stroke. Decoration: words stand beside or in a label. */
import type { JSX } from "solid-js";

const PATHS = {
  home: "M4 10.5 12 4l8 6.5V20H4zM4 11l8 5.5 8-5.5",
  explore: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM15.5 8.5l-2 5-5 2 2-5z",
  search: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13ZM15.500 15.500 20 20",
  inbox: "M4 13.5 6.5 5h11L20 13.5V19H4zM4 13.5h4.5l1.5 2.500h4l1.500-2.500H20",
  write: "M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5 17.5 10",
  network:
    "M12 6.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM5 20.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM19 20.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM11 6.5 6 16.5M13 6.5l5 10M7 18.5h10",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c1-4 4-6 7.5-6s6.5 2 7.5 6",
  settings: "M4 7h9M17 7h3M15 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM4 17h3M11 17h9M9 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  keyboard: "M3 6.500h18v11H3zM7 10h.01M11 10h.01M15 10h.01M18 10h.01M8 14h8",
  place: "M12 21c4-4.5 6.5-8 6.5-11a6.5 6.5 0 1 0-13 0c0 3 2.5 6.5 6.5 11ZM12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  topic: "M9 4 7 20M17 4l-2 16M4.5 9h16M3.5 15h16",
  check: "M5 12.5 10 17.5 19.5 7",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5l3.5 2",
  close: "M6 6l12 12M18 6 6 18",
  up: "M12 19V5M6 11l6-6 6 6",
  back: "M19 12H5M11 6l-6 6 6 6",
  reach:
    "M12 13.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3ZM8 16a5.600 5.600 0 0 1 0-8M16 8a5.600 5.600 0 0 1 0 8M5 19a9.900 9.900 0 0 1 0-14M19 5a9.900 9.900 0 0 1 0 14",
  reply: "M10 8 4 13l6 5M4 13h10c4 0 6 2 6 5",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4.2 4.2 0 0 0-6-6l-1.5 1.500M14 10a4 4 0 0 0-6 0l-3 3a4.2 4.2 0 0 0 6 6l1.5-1.5",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  trusted: "M7 11V8a5 5 0 0 1 10 0v3M5 11h14v10H5z",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c.8-3.5 3.4-5.500 6.500-5.500s5.700 2 6.500 5.500M16 4.500a3.500 3.500 0 0 1 0 6.300M18.300 15c1.700.9 2.800 2.700 3.200 5",
  mix: "M9.5 18a6 6 0 1 0 0-12 6 6 0 0 0 0 12ZM14.5 18a6 6 0 1 0 0-12 6 6 0 0 0 0 12Z",
  curated: "M7 3.5h10v17l-5-4-5 4z",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  whole: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  down: "M12 5v14M6 13l6 6 6-6",
  grip: "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
  chevron: "M9 6l6 6-6 6",
  more: "M5.500 12h.01M12 12h.01M18.500 12h.01",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon(props: { name: IconName; small?: boolean; turns?: boolean }): JSX.Element {
  return (
    <svg
      viewBox="0 0 24 24"
      width={props.small ? 14 : 22}
      height={props.small ? 14 : 22}
      fill="none"
      stroke="currentColor"
      stroke-width={props.small ? 2.25 : 1.75}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      classList={{ "turns-with-text": props.turns ?? false }}
    >
      <path d={PATHS[props.name]} />
    </svg>
  );
}

/** The sign of Mehr: a sun with eight rays. */
export function Sun(): JSX.Element {
  return (
    <svg viewBox="0 0 32 32" width="30" height="30" fill="currentColor" aria-hidden="true">
      <circle cx="16" cy="16" r="6.5" />
      <path d="M16 1l2.6 6h-5.200zM16 31l-2.6-6h5.200zM1 16l6-2.600v5.200zM31 16l-6 2.600v-5.200zM5.4 5.400l6.1 2.4-3.7 3.700zM26.6 26.600l-6.1-2.4 3.7-3.700zM5.4 26.600l2.4-6.1 3.7 3.700zM26.6 5.400l-2.4 6.1-3.7-3.700z" />
    </svg>
  );
}
