/** 总览页面的文字；键与 `../en/overview.ts` 相同。 */
import type { Messages } from "../en.js";

export const overview: Messages["overview"] = {
  path: "当前位置",
  alarms: "重要报警",
  noAlarms: "没有报警：所有位号均在限值之内。",
  moreAlarms: (n) => `另有 ${n} 条`,
  active: "激活",
  returned: "已恢复",
  unacked: "未确认",
  comma: "，",
  topLevel: "（顶层）",
  tags: (n) => `${n} 个位号`,
  bad: (n) => `${n} 个坏值`,
  stale: (n) => `${n} 个陈旧`,
  more: (n) => `其余 ${n} 个指示`,
  screen: "画面",
  screenOf: (name: string) => `${name} 的画面`,
  trendOf: (name) => `${name} 的趋势`,
  range: (low, high, unit) => `量程 ${low} … ${high} ${unit}`,
  groups: "位号分组",
  others: "其他分组",
  othersText: "这些位号的量程未知；配置量程或限值后，会显示为指示条。",
  noUnit: "没有这个单元",
  noUnitText: (name) => `${name} 之下没有带量程的位号。`,
  allUnits: "显示全部单元",
  toSpace: "在地址空间中查找位号",
};
