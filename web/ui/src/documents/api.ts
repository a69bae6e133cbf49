/**
 * Documents that the server keeps for the pages: dashboards and screens, each with its versions
 * (`/api/v1/documents/…`). Whoever saves says which version he has seen, so that nobody overwrites what he does not
 * know.
 */
import type {
  DocumentKind,
  DocumentSummary,
  DocumentsAnswer,
  DocumentVersion,
  DocumentVersionsAnswer,
  ErrorBody,
} from "@tagwire/client";

export type { DocumentKind, DocumentSummary, DocumentVersion };
/** With `refusal`: why whoever asks may not change documents, in the words of the server; absent: he may. */
export type DocumentList = DocumentsAnswer;

/** What every document is: a JSON object with a title. */
export interface DocumentBody {
  readonly title: string;
}

export interface StoredDocument {
  /** The version that was asked for. Its content is to be checked: any program may have written it. */
  readonly version: number;
  readonly body: DocumentBody & Readonly<Record<string, unknown>>;
}

/** Why the server did not do what it was asked; `message` is in its own words. What fetch throws is none of these. */
export class DocumentError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** Somebody else saved or removed the document since it was read, or one of this name is there already. */
export class DocumentConflict extends DocumentError {
  /** `version`: what the server has now; undefined: no document of this name any more. */
  constructor(
    message: string,
    readonly version: number | undefined,
  ) {
    super(412, "conflict", message);
  }
}

/** Whoever asks may not do this. */
export class DocumentForbidden extends DocumentError {}

/** There is no such document or version. */
export class DocumentNotFound extends DocumentError {}

/** Anything else: too large, too many, not understood, not possible right now. */
export class DocumentRefused extends DocumentError {}

/**
 * `base` is the server's address, e.g. `http://127.0.0.1:5000/`. Every method throws a DocumentError, or what fetch
 * throws.
 */
export class DocumentClient {
  constructor(
    private readonly base: string,
    private readonly fetcher: typeof fetch = (...args) => fetch(...args),
  ) {}

  async list(kind: DocumentKind, signal?: AbortSignal): Promise<DocumentList> {
    return (await this.ask("GET", this.address(kind), { signal })).json() as Promise<DocumentList>;
  }

  /** The latest version, or the given one. */
  async read(
    kind: DocumentKind,
    name: string,
    { version, signal }: { readonly version?: number; readonly signal?: AbortSignal } = {},
  ): Promise<StoredDocument> {
    const url = this.address(kind, name);
    if (version !== undefined) url.searchParams.set("version", String(version));
    return storedIn(await this.ask("GET", url, { signal }));
  }

  /** The latest version where it is another than `known`; undefined: it is that one still. */
  async readIfChanged(
    kind: DocumentKind,
    name: string,
    known: number,
    signal?: AbortSignal,
  ): Promise<StoredDocument | undefined> {
    const headers = { "if-none-match": tagOf(known) };
    const answer = await this.ask("GET", this.address(kind, name), { headers, signal });
    return answer.status === 304 ? undefined : storedIn(answer);
  }

  /** The versions that are kept, the latest first. */
  async versions(
    kind: DocumentKind,
    name: string,
    signal?: AbortSignal,
  ): Promise<readonly DocumentVersion[]> {
    const answer = await this.ask("GET", this.address(kind, name, "versions"), { signal });
    return ((await answer.json()) as DocumentVersionsAnswer).versions;
  }

  /** Throws DocumentConflict where there is a document of this name. */
  create(kind: DocumentKind, name: string, body: DocumentBody): Promise<DocumentSummary> {
    return this.put(kind, name, body, { "if-none-match": "*" });
  }

  /** Saves over version `seen`; throws DocumentConflict where that is not the latest one. */
  replace(kind: DocumentKind, name: string, seen: number, body: DocumentBody): Promise<DocumentSummary> {
    return this.put(kind, name, body, { "if-match": tagOf(seen) });
  }

  /** Removes the document with all its versions; throws DocumentConflict where `seen` is not the latest one. */
  async remove(kind: DocumentKind, name: string, seen: number): Promise<void> {
    await this.ask("DELETE", this.address(kind, name), {
      headers: { "if-match": tagOf(seen) },
    });
  }

  private async put(
    kind: DocumentKind,
    name: string,
    body: DocumentBody,
    condition: Record<string, string>,
  ): Promise<DocumentSummary> {
    const answer = await this.ask("PUT", this.address(kind, name), {
      headers: { "content-type": "application/json", ...condition },
      body: JSON.stringify(body),
    });
    return (await answer.json()) as DocumentSummary;
  }

  private address(...path: readonly string[]): URL {
    return new URL(`api/v1/documents/${path.map(encodeURIComponent).join("/")}`, this.base);
  }

  private async ask(
    method: string,
    url: URL,
    {
      headers,
      body,
      signal,
    }: {
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<Response> {
    const answer = await this.fetcher(url, {
      method,
      headers: { accept: "application/json", ...headers },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
    if (answer.ok || answer.status === 304) return answer;
    throw await errorOf(answer);
  }
}

function tagOf(version: number): string {
  return `"${version}"`;
}

/** The version that an answer is about. */
function versionOf(answer: Response): number | undefined {
  const number = /^(?:W\/)?"(\d+)"$/.exec(answer.headers.get("etag") ?? "")?.[1];
  return number === undefined ? undefined : Number(number);
}

async function storedIn(answer: Response): Promise<StoredDocument> {
  const version = versionOf(answer);
  if (version === undefined)
    throw new DocumentRefused(answer.status, "internal", "the answer names no version (ETag)");
  return { version, body: (await answer.json()) as StoredDocument["body"] };
}

async function errorOf(answer: Response): Promise<DocumentError> {
  const { status } = answer;
  const { code, msg } = await errorBodyOf(answer);
  switch (status) {
    case 401:
    case 403:
      return new DocumentForbidden(status, code, msg);
    case 404:
      return new DocumentNotFound(status, code, msg);
    case 412:
      return new DocumentConflict(msg, versionOf(answer));
    default:
      return new DocumentRefused(status, code, msg);
  }
}

async function errorBodyOf(answer: Response): Promise<Pick<ErrorBody, "code" | "msg">> {
  try {
    return (await answer.json()) as ErrorBody;
  } catch {
    return { code: "internal", msg: `HTTP ${answer.status} ${answer.statusText}` };
  }
}

/** What went wrong in words: the server's own where it has said something. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
