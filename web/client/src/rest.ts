/** The same data by HTTP, and what is set up over it: `/api/v1/…`. */
import type {
  BrowseAnswer,
  CertificateChoice,
  CertificatesAnswer,
  ConditionAnswer,
  ConditionOrder,
  ConditionsAnswer,
  EndpointsAnswer,
  HistoryAnswer,
  Info,
  MoreTags,
  NewSource,
  NodeDetail,
  SearchAnswer,
  SourceDetail,
  SourceFile,
  SourcesAnswer,
  TagDetail,
  TagsPage,
  ValuesAnswer,
  WriteAnswer,
  WriteOrderBody,
} from "./generated/protocol.js";
import type { HistoryQuery } from "./history.js";
import { HttpApi, parametersOf } from "./http.js";
import { type Metric, parseMetrics } from "./metrics.js";

export interface TagQuery {
  /** Pattern: `*` one level, `**` any depth. */
  readonly match?: string;
  /** Text that the path or the description contains. */
  readonly q?: string;
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

/** Which references of which node of an address space. */
export interface BrowseQuery {
  /** Node id or browse path; without it the Objects folder. */
  readonly node?: string;
  readonly direction?: "forward" | "inverse";
  /** References of every kind, not only the hierarchical ones. */
  readonly all?: boolean;
  readonly limit?: number;
  /** `next` of the page before. */
  readonly continuation?: string;
}

export interface NodeQuery {
  /** Part of a browse or display name. */
  readonly q: string;
  /** Where to begin; without it the Objects folder. */
  readonly node?: string;
  readonly limit?: number;
}

export class TagwireRest extends HttpApi {
  info(signal?: AbortSignal): Promise<Info> {
    return this.get("info", new URLSearchParams(), signal);
  }

  sources(signal?: AbortSignal): Promise<SourcesAnswer> {
    return this.get("sources", new URLSearchParams(), signal);
  }

  /** A source with its subscriptions and what it counts. */
  source(name: string, signal?: AbortSignal): Promise<SourceDetail> {
    return this.get(sourcePath(name), new URLSearchParams(), signal);
  }

  /** Alarm conditions of a source that are of interest. */
  conditions(name: string, signal?: AbortSignal): Promise<ConditionsAnswer> {
    return this.get(`${sourcePath(name)}/conditions`, new URLSearchParams(), signal);
  }

  /** Acknowledges or confirms a condition; needs a token, or a session of this server's own page. */
  actOnCondition(name: string, order: ConditionOrder, signal?: AbortSignal): Promise<ConditionAnswer> {
    return this.post(`${sourcePath(name)}/conditions`, order, signal);
  }

  /** One level of the address space of a source; on the server's own machine only, like `node` and `search`. */
  browse(name: string, query: BrowseQuery = {}, signal?: AbortSignal): Promise<BrowseAnswer> {
    return this.get(`${sourcePath(name)}/browse`, parametersOf(query), signal);
  }

  /** Attributes and present value of a node: its id, or a browse path. */
  node(name: string, node: string, signal?: AbortSignal): Promise<NodeDetail> {
    return this.get(`${sourcePath(name)}/node`, parametersOf({ node }), signal);
  }

  /** Nodes by a part of their names. */
  search(name: string, query: NodeQuery, signal?: AbortSignal): Promise<SearchAnswer> {
    return this.get(`${sourcePath(name)}/search`, parametersOf(query), signal);
  }

  tags(query: TagQuery = {}, signal?: AbortSignal): Promise<TagsPage> {
    return this.get("tags", parametersOf(query), signal);
  }

  tag(path: string, signal?: AbortSignal): Promise<TagDetail> {
    return this.get(`tags/${encodeURIComponent(path)}`, new URLSearchParams(), signal);
  }

  /** Writes values; needs a token, or a session of this server's own page. */
  write(order: WriteOrderBody, signal?: AbortSignal): Promise<WriteAnswer> {
    return this.post("values", order, signal);
  }

  /** Latest values of tags by path or pattern. */
  values(tags: readonly string[], signal?: AbortSignal): Promise<ValuesAnswer> {
    return this.get("values", new URLSearchParams(tags.map((tag) => ["tags", tag])), signal);
  }

  /** The past of tags, in the rows of the protocol. */
  history(query: HistoryQuery, signal?: AbortSignal): Promise<HistoryAnswer> {
    return this.get("history", historyParameters(query), signal);
  }

  /** The past of tags as CSV, one page at a time; `next` is the address of the next one. */
  async historyCsv(url: URL, signal?: AbortSignal): Promise<{ text: string; next: URL | undefined }> {
    const answer = await this.ask(url, { headers: { accept: "text/csv" } }, signal);
    const next = /^<([^>]*)>; rel="next"$/.exec(answer.headers.get("link") ?? "")?.[1];
    return { text: await answer.text(), next: next === undefined ? undefined : new URL(next, url) };
  }

  /** Address of the first page of `historyCsv`. */
  historyCsvUrl(query: HistoryQuery): URL {
    const url = this.address("history");
    const parameters = historyParameters(query);
    parameters.set("format", "csv");
    url.search = parameters.toString();
    return url;
  }

  /** Certificates of the OPC UA client: its own, the trusted and the rejected ones. */
  certificates(signal?: AbortSignal): Promise<CertificatesAnswer> {
    return this.get("opcua/certificates", new URLSearchParams(), signal);
  }

  /** Trusts a certificate; answers how things stand then. `fingerprint`: SHA-256, or SHA-1, in hexadecimal. */
  trustCertificate(fingerprint: string, signal?: AbortSignal): Promise<CertificatesAnswer> {
    return this.choose("trust", fingerprint, signal);
  }

  /** Trusts a certificate no longer: connections to its server are closed. */
  rejectCertificate(fingerprint: string, signal?: AbortSignal): Promise<CertificatesAnswer> {
    return this.choose("reject", fingerprint, signal);
  }

  /** Forgets a certificate, trusted or rejected. */
  removeCertificate(fingerprint: string, signal?: AbortSignal): Promise<CertificatesAnswer> {
    return this.choose("remove", fingerprint, signal);
  }

  /** Address of our own certificate as a file (DER), for a link that downloads it. */
  ownCertificateUrl(): string {
    return this.address("opcua/certificates/own.der").href;
  }

  /** How an OPC UA server can be connected to, the strongest way first. `url`: `opc.tcp://host:port`. */
  endpoints(url: string, signal?: AbortSignal): Promise<EndpointsAnswer> {
    return this.get("opcua/endpoints", new URLSearchParams({ url }), signal);
  }

  /** Adds an OPC UA server; it is connected to at once, and after each restart of the server. */
  addSource(source: NewSource, signal?: AbortSignal): Promise<SourceFile> {
    return this.post("opcua/sources", source, signal);
  }

  /** More tags for a source that was added so; it connects anew for them. */
  addTags(source: string, tags: MoreTags, signal?: AbortSignal): Promise<SourceFile> {
    return this.post(`opcua/sources/${encodeURIComponent(source)}/tags`, tags, signal);
  }

  /** Ends a source that was added so; its tags stay, Bad, until the server restarts. */
  removeSource(source: string, signal?: AbortSignal): Promise<SourceFile> {
    return this.post(`opcua/sources/${encodeURIComponent(source)}/remove`, {}, signal);
  }

  /** Counters and gauges of the server (`GET /metrics`). */
  async metrics(signal?: AbortSignal): Promise<Metric[]> {
    const request = { headers: { accept: "text/plain" } };
    const answer = await this.ask(new URL("metrics", this.base), request, signal);
    return parseMetrics(await answer.text());
  }

  private choose(action: string, fingerprint: string, signal?: AbortSignal): Promise<CertificatesAnswer> {
    const choice: CertificateChoice = { fingerprint };
    return this.post(`opcua/certificates/${action}`, choice, signal);
  }
}

function sourcePath(name: string): string {
  return `sources/${encodeURIComponent(name)}`;
}

function historyParameters({ tags, max, ...rest }: HistoryQuery): URLSearchParams {
  const parameters = new URLSearchParams(tags.map((tag) => ["tags", tag]));
  for (const [name, value] of Object.entries({ ...rest, limit: max })) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters;
}
