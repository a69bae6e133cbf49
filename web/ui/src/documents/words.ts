/** What the dialogs about documents are told in: each kind of document has its own texts. */

export interface ConflictWords {
  readonly title: string;
  readonly text: (seen: string, now: string) => string;
  /** The document was removed meanwhile. */
  readonly gone: string;
  readonly theirs: string;
  readonly mine: string;
  readonly copy: string;
  readonly cancel: string;
}

export interface VersionWords {
  readonly title: string;
  readonly text: string;
  readonly number: (n: string) => string;
  readonly now: string;
  readonly restore: string;
  readonly restoreLabel: (n: string) => string;
  readonly restored: (old: string, now: string) => string;
  readonly failed: (reason: string) => string;
  readonly close: string;
}
