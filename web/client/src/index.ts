export { type AuditQuery, TagwireAccess, type Whose } from "./access.js";
export { type ActionName, kAuditOutcomes, kRoles } from "./access-names.js";
export { type BackoffLimits, backoffDelay, kDefaultBackoff } from "./backoff.js";
export { type ClientOptions, type ClientStats, TagwireClient } from "./client.js";
export type { LinkState, Loss } from "./connection.js";
export { Emitter } from "./emitter.js";
export type { FrameScheduler, SocketConstructor, SocketLike, Visibility } from "./environment.js";
export * from "./generated/protocol.js";
export { kStatusNames, statusName } from "./generated/status-codes.js";
export {
  type History,
  HistoryError,
  type HistoryQuery,
  type RecordedInterval,
  type RecordedSample,
  type RecordedSeries,
} from "./history.js";
export { RestError } from "./http.js";
export { type Metric, parseMetrics } from "./metrics.js";
export {
  hasOverflow,
  isBad,
  isForced,
  isGood,
  isUncertain,
  type LimitBits,
  limitBits,
  Quality,
  statusCodeBase,
} from "./quality.js";
export { type BrowseQuery, type NodeQuery, type TagQuery, TagwireRest } from "./rest.js";
export { SourceBook } from "./sources.js";
export { type Flush, type TagSnapshot, TagStore } from "./store.js";
export { Subscription, type SubscriptionOptions, type SubscriptionState } from "./subscription.js";
export { DecodeError, decodeValue, type LocalizedText, type TagValue } from "./values.js";
export { Button, encodeValue, WriteError, type WriteOptions, type Written } from "./writing.js";
