/** The texts about sets of tags in English: loaded where one is used; `zh.ts` has the same keys. */
export const en = {
  label: "What to do with these tags",
  count: (n: string) => `${n} tags`,
  budget: (n: string, size: string) => `${n} tags ≈ ${size}/s`,
  budgetTitle: "To each browser that shows them all, when each changes once a second; before compression",
  budgetAtLeast: (n: string, size: string) => `more than ${n} tags, > ${size}/s`,
  counting: "Counting…",
  dashboard: "Put on a dashboard",
  screen: "Put on a screen",
  code: "Copy as code",
  untitled: "Chosen tags",
  left: (n: string) => `${n} tags found no place on it`,
  failed: (reason: string) => `It could not be saved: ${reason}`,
  codeTitle: (n: string) => `${n} tags as code`,
  languages: { curl: "curl", javascript: "JavaScript", python: "Python" },
  languagesLabel: "Language of the program",
  latest: "The latest values",
  changes: "Every change, as it comes",
  needs: {
    curl: "For any shell.",
    javascript: "For browsers, and Node.js from version 18 on as a file that ends in .mjs.",
    python: "For Python from version 3.8 on; nothing has to be installed.",
  },
  copy: "Copy",
  copied: "Copied",
  close: "Close",
};

export type TagSetWords = typeof en;
