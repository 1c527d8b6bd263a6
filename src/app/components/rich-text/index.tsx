/** Text that a person wrote: paragraphs, line breaks and web links, nothing else. It can never become markup. */
import { createMemo, For, type JSX, Show } from "solid-js";
import { displayText } from "../../text/display.ts";
import { paragraphsOf, splitLinks } from "../../text/links.ts";

/** `nofollow`: nobody should gain anything in a search engine by being linked from here. */
export const LINK_REL = "noopener noreferrer nofollow";

function Line(props: { text: string }): JSX.Element {
  return (
    <For each={splitLinks(props.text)}>
      {(part) =>
        part.kind === "link" ? (
          <a class="link" href={part.href} rel={LINK_REL} target="_blank">
            <bdi dir="ltr">{part.text}</bdi>
          </a>
        ) : (
          part.text
        )
      }
    </For>
  );
}

export function RichText(props: { text: string }): JSX.Element {
  const paragraphs = createMemo(() => paragraphsOf(displayText(props.text)));
  return (
    <div class="paragraphs">
      <For each={paragraphs()}>
        {(lines) => (
          <p dir="auto" class="isolate-text">
            <For each={lines}>
              {(line, index) => (
                <>
                  <Show when={index() > 0}>
                    <br />
                  </Show>
                  <Line text={line} />
                </>
              )}
            </For>
          </p>
        )}
      </For>
    </div>
  );
}
