/** Posts that neighbours hold and have not sent, and saving data. */

export const hints = {
  "hints.title": "Not loaded yet",
  "hints.title.none": "Everything so far is loaded",
  "hints.mode.digest": "Headlines of new posts arrive once a minute. A post comes when you open it.",
  "hints.mode.pullhint": "You are told how many new posts there are. They come when you load them.",
  "hints.by.links": "Chosen because of your connection and how much this feed brings.",
  "hints.by.setting": "Chosen because you save data.",
  "hints.by.feed": "Chosen for this feed.",
  "hints.change": "Change",
  "hints.none": "A post without a headline",
  "hints.more_one": "{{ count }} more post: load it",
  "hints.more_other": "{{ count }} more posts: load them",
  "hints.all_one": "Load this post",
  "hints.all_other": "Load all {{ count }} posts",
  "hints.loading": "Loading…",
  "hints.missing_one": "A post could not be loaded: nobody near you has it any more.",
  "hints.missing_other": "{{ count }} posts could not be loaded: nobody near you has them any more.",
  "hints.offline": "Nobody is connected right now. Try again once you are online.",

  "lowData.title": "Save data",
  "lowData.hint":
    "Then feeds bring headlines, or only how many posts there are, and each post comes when you open it. What trusted people write for you comes in full.",
  "lowData.auto": "When my connection is slow or metered",
  "lowData.on": "Always",
  "lowData.off": "Never",
} satisfies Record<string, string>;
