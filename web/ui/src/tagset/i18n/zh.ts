/** 关于一组位号的中文文字；键与 `en.ts` 相同。 */
import type { TagSetWords } from "./en.js";

export const zh: TagSetWords = {
  label: "如何使用这些位号",
  count: (n) => `${n} 个位号`,
  budget: (n, size) => `${n} 个位号 ≈ ${size}/秒`,
  budgetTitle: "每个位号每秒变化一次时，发送给每个显示全部位号的浏览器的数据量（压缩前）",
  budgetAtLeast: (n, size) => `超过 ${n} 个位号，大于 ${size}/秒`,
  counting: "正在计数…",
  dashboard: "放到仪表板上",
  screen: "放到画面上",
  code: "复制为代码",
  untitled: "所选位号",
  left: (n) => `有 ${n} 个位号放不下`,
  failed: (reason) => `无法保存：${reason}`,
  codeTitle: (n) => `${n} 个位号的代码`,
  languages: { curl: "curl", javascript: "JavaScript", python: "Python" },
  languagesLabel: "编程语言",
  latest: "最新值",
  changes: "实时的每次变化",
  needs: {
    curl: "可用于任何命令行。",
    javascript: "可用于浏览器；也可存为 .mjs 文件，用 Node.js 18 及以上版本运行。",
    python: "可用于 Python 3.8 及以上版本，无需安装其他软件。",
  },
  copy: "复制",
  copied: "已复制",
  close: "关闭",
};
