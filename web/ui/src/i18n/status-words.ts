/** StatusCodes in words: what a person reads as the reason of a quality. */
import { statusName } from "@tagwire/client";
import type { Locale } from "./locale.js";

/** Chinese words of the codes a plant shows; the others keep their English words. */
const kChinese: Readonly<Record<string, string>> = {
  Good: "良好",
  GoodClamped: "已限幅",
  GoodLocalOverride: "本地强制",
  GoodOverload: "过载，采样放慢",
  Uncertain: "不确定",
  UncertainDataSubNormal: "数据源不足",
  UncertainEngineeringUnitsExceeded: "超出量程",
  UncertainInitialValue: "初始值",
  UncertainLastUsableValue: "最后可用值",
  UncertainNoCommunicationLastUsableValue: "通信中断，最后可用值",
  UncertainSensorNotAccurate: "传感器不准",
  UncertainSubNormal: "冗余不足",
  UncertainSubstituteValue: "替代值",
  Bad: "坏值",
  BadApplicationSignatureInvalid: "应用程序签名无效",
  BadCertificateChainIncomplete: "证书链不完整",
  BadCertificateHostNameInvalid: "证书主机名不符",
  BadCertificateInvalid: "证书无效",
  BadCertificateIssuerRevocationUnknown: "颁发者吊销状态未知",
  BadCertificateIssuerRevoked: "颁发者证书已吊销",
  BadCertificateIssuerTimeInvalid: "颁发者证书不在有效期内",
  BadCertificateIssuerUseNotAllowed: "颁发者证书用途不符",
  BadCertificatePolicyCheckFailed: "证书不符合安全策略",
  BadCertificateRevocationUnknown: "证书吊销状态未知",
  BadCertificateRevoked: "证书已吊销",
  BadCertificateTimeInvalid: "证书不在有效期内",
  BadCertificateUntrusted: "证书不受信任",
  BadCertificateUriInvalid: "证书应用程序 URI 不符",
  BadCertificateUseNotAllowed: "证书用途不符",
  BadCommunicationError: "通信错误",
  BadConfigurationError: "配置错误",
  BadConnectionClosed: "连接已关闭",
  BadConnectionRejected: "连接被拒绝",
  BadDataEncodingInvalid: "数据编码无效",
  BadDataLost: "数据丢失",
  BadDataUnavailable: "数据不可用",
  BadDecodingError: "解码错误",
  BadDeviceFailure: "设备故障",
  BadDisconnect: "连接中断",
  BadEncodingError: "编码错误",
  BadEncodingLimitsExceeded: "数据过大",
  BadIdentityTokenInvalid: "身份令牌无效",
  BadIdentityTokenRejected: "身份被拒绝",
  BadInternalError: "内部错误",
  BadInvalidState: "状态无效",
  BadNoCommunication: "通信中断",
  BadNoData: "无数据",
  BadNodeIdInvalid: "节点标识无效",
  BadNodeIdUnknown: "节点不存在",
  BadNoValidCertificates: "没有有效证书",
  BadNotConnected: "未连接",
  BadNotFound: "未找到",
  BadNotReadable: "不可读",
  BadNotSupported: "不支持",
  BadNotWritable: "不可写",
  BadOutOfMemory: "内存不足",
  BadOutOfRange: "超出范围",
  BadOutOfService: "停用",
  BadResourceUnavailable: "资源不可用",
  BadSecureChannelClosed: "安全通道已关闭",
  BadSecurityChecksFailed: "安全检查失败",
  BadSecurityModeRejected: "安全模式被拒绝",
  BadSecurityPolicyRejected: "安全策略被拒绝",
  BadSensorFailure: "传感器故障",
  BadServerHalted: "服务器已停止",
  BadServerNotConnected: "服务器未连接",
  BadSessionClosed: "会话已关闭",
  BadSessionIdInvalid: "会话无效",
  BadShutdown: "正在关闭",
  BadTcpEndpointUrlInvalid: "端点地址无效",
  BadTimeout: "超时",
  BadTooManyMonitoredItems: "监视项过多",
  BadTooManyOperations: "操作过多",
  BadTooManySessions: "会话过多",
  BadTypeMismatch: "类型不符",
  BadUnexpectedError: "意外错误",
  BadUserAccessDenied: "用户无权访问",
  BadWaitingForInitialData: "等待首个数据",
};

/** `BadNoCommunication` → `No communication`. The severity is left out: the display shows it otherwise. */
function englishWords(name: string): string {
  const words = name
    .replace(/^(Good|Uncertain|Bad)(?=[A-Z])/, "")
    .replaceAll("_", " ")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .split(" ")
    .filter(Boolean);
  return words
    .map((word, index) => (index === 0 || /^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase()))
    .join(" ");
}

/** Words of a StatusCode's name, e.g. the `why` of a source. */
export function wordsOfStatusName(name: string, locale: Locale): string {
  if (locale === "zh") return kChinese[name] ?? englishWords(name);
  return englishWords(name);
}

/** Words of a StatusCode; a code without a name is shown as its number. */
export function wordsOfStatus(status: number, locale: Locale): string {
  const name = statusName(status);
  return name === undefined
    ? `0x${status.toString(16).padStart(8, "0").toUpperCase()}`
    : wordsOfStatusName(name, locale);
}

/** Names this file has Chinese words for: the test compares them with the protocol's table. */
export const kTranslatedStatusNames: readonly string[] = Object.keys(kChinese);
