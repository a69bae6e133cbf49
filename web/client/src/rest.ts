/** The same data by HTTP: `GET /api/v1/…`. */
import type {
  ErrorBody,
  Info,
  SourcesAnswer,
  TagDetail,
  TagsPage,
  ValuesAnswer,
} from "./generated/protocol.js";

/** An HTTP error answer of the server; `message` is in words an administrator understands. */
export class RestError extends Error {
  override readonly name = "RestError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface TagQuery {
  /** Pattern: `*` one level, `**` any depth. */
  readonly match?: string;
  /** Text that the path or the description contains. */
  readonly q?: string;
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

/** `base` is the server's address, e.g. `http://127.0.0.1:5000/`. */
export class TagwireRest {
  constructor(
    private readonly base: string,
    private readonly fetcher: typeof fetch = (...args) => fetch(...args),
  ) {}

  info(signal?: AbortSignal): Promise<Info> {
    return this.get("info", new URLSearchParams(), signal);
  }

  sources(signal?: AbortSignal): Promise<SourcesAnswer> {
    return this.get("sources", new URLSearchParams(), signal);
  }

  tags(query: TagQuery = {}, signal?: AbortSignal): Promise<TagsPage> {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) parameters.set(name, String(value));
    }
    return this.get("tags", parameters, signal);
  }

  tag(path: string, signal?: AbortSignal): Promise<TagDetail> {
    return this.get(`tags/${encodeURIComponent(path)}`, new URLSearchParams(), signal);
  }

  /** Latest values of tags by path or pattern. */
  values(tags: readonly string[], signal?: AbortSignal): Promise<ValuesAnswer> {
    return this.get("values", new URLSearchParams(tags.map((tag) => ["tags", tag])), signal);
  }

  private async get<T>(path: string, parameters: URLSearchParams, signal?: AbortSignal): Promise<T> {
    const url = new URL(`api/v1/${path}`, this.base);
    url.search = parameters.toString();
    const answer = await this.fetcher(url, {
      headers: { accept: "application/json" },
      ...(signal && { signal }),
    });
    if (answer.ok) return (await answer.json()) as T;
    throw await errorOf(answer);
  }
}

async function errorOf(answer: Response): Promise<RestError> {
  try {
    const { code, msg } = (await answer.json()) as ErrorBody;
    return new RestError(answer.status, code, msg);
  } catch {
    return new RestError(answer.status, "internal", `HTTP ${answer.status} ${answer.statusText}`);
  }
}
