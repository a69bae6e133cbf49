import type { AlarmWords } from "./en.js";

/** 确认报警相关文字的中文版本。 */
export const zh: AlarmWords = {
  steps: {
    acknowledge: "确认",
    confirm: "核实",
  },
  label: (button, alarm) => `${button}：${alarm}`,
  busy: {
    acknowledge: "正在确认…",
    confirm: "正在核实…",
  },
  done: {
    acknowledge: (alarm) => `已确认：${alarm}`,
    confirm: (alarm) => `已核实：${alarm}`,
  },
  refused: {
    acknowledge: (reason) => `未确认：${reason}`,
    confirm: (reason) => `未核实：${reason}`,
  },
  withComment: "附注释…",
  comment: "注释",
  commentTooLong: (bytes) => `注释过长：最多 ${bytes} 字节，每个汉字占 3 字节。`,
  logIn: "登录后确认",
  reasons: {
    BadEventIdUnknown: "报警状态已变化，请查看当前状态后重试。",
    BadConditionBranchAlreadyAcked: "该报警已被确认。",
    BadConditionBranchAlreadyConfirmed: "该报警已被核实。",
    BadEventNotAcknowledgeable: "此状态无法确认，只能确认当前状态。",
    BadConditionDisabled: "该报警在数据源处已禁用。",
    BadUserAccessDenied: "服务器不允许 Tagwire 所用的用户执行此操作。",
    BadNodeIdUnknown: "数据源已没有这个报警。",
    BadMethodInvalid: "数据源不为该报警提供此操作。",
    BadTimeout: "数据源未及时应答；是否已执行，请看报警状态。",
    BadConnectionClosed: "与数据源的连接中断；是否已执行，请看报警状态。",
  },
  gone: "报警已结束，或他人已先行处理。",
  away: "数据源未连接，未执行任何操作；连接后请重试。",
  forbidden: "该报警不在您可确认的范围内。",
};
