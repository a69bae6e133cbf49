/** What every part of the HTTP API shares: addresses, requests in JSON, and errors in words. */
import type { ErrorBody } from "./generated/protocol.js";

/** An HTTP error answer of the server; `message` is in words an administrator understands. */
export class RestError extends Error {
  override readonly name = "RestError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Seconds until it makes sense to try again, where the server said so. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

type Method = "POST" | "PUT" | "PATCH" | "DELETE";

/** `base` is the server's address, e.g. `http://127.0.0.1:5000/`. */
export class HttpApi {
  constructor(
    protected readonly base: string,
    private readonly fetcher: typeof fetch = (...args) => fetch(...args),
  ) {}

  protected get<T>(path: string, parameters: URLSearchParams, signal?: AbortSignal): Promise<T> {
    const url = this.address(path);
    url.search = parameters.toString();
    return this.json(url, { headers: { accept: "application/json" } }, signal);
  }

  protected post<T>(path: string, body: object, signal?: AbortSignal): Promise<T> {
    return this.json(this.address(path), changing("POST", body), signal);
  }

  /** A change whose answer is a body. */
  protected change<T>(method: Method, path: string, body: object): Promise<T> {
    return this.json(this.address(path), changing(method, body));
  }

  /** A change whose answer is nothing but that it is done. */
  protected async carryOut(method: Method, path: string, body?: object): Promise<void> {
    await this.ask(this.address(path), changing(method, body));
  }

  protected address(path: string): URL {
    return new URL(`api/v1/${path}`, this.base);
  }

  protected async ask(url: URL, request: RequestInit, signal?: AbortSignal): Promise<Response> {
    const answer = await this.fetcher(url, { ...request, ...(signal && { signal }) });
    if (answer.ok) return answer;
    throw await errorOf(answer);
  }

  private async json<T>(url: URL, request: RequestInit, signal?: AbortSignal): Promise<T> {
    return (await (await this.ask(url, request, signal)).json()) as T;
  }
}

export function parametersOf(query: object): URLSearchParams {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
}

function changing(method: Method, body?: object): RequestInit {
  const headers = { accept: "application/json", "content-type": "application/json" };
  return { method, headers, ...(body && { body: JSON.stringify(body) }) };
}

async function errorOf(answer: Response): Promise<RestError> {
  const wait = Number(answer.headers.get("retry-after") ?? Number.NaN);
  const retryAfter = Number.isFinite(wait) ? wait : undefined;
  try {
    const { code, msg } = (await answer.json()) as ErrorBody;
    return new RestError(answer.status, code, msg, retryAfter);
  } catch {
    return new RestError(answer.status, "internal", `HTTP ${answer.status} ${answer.statusText}`, retryAfter);
  }
}
