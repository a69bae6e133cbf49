// The documents that show docs/pictures, page by page.

const titles = {
  overview: ['Overview', '总览'],
  screens: ['Screens', '画面'],
  'screen-overview': ['Screen: the whole plant', '画面：全厂'],
  'screen-distillation': ['Screen: a unit', '画面：装置单元'],
  'screen-reaction': ['Screen with a faceplate', '画面和操作面板'],
  dashboards: ['Dashboards', '仪表板'],
  dashboard: ['A dashboard', '一个仪表板'],
  'dashboard-edit': ['A dashboard is edited', '编辑仪表板'],
  tags: ['Tags', '位号表'],
  'tags-columns': ['Tags: columns', '位号表：列'],
  trends: ['Trends', '趋势'],
  space: ['Address space', '地址空间'],
  'space-limits': ['Limits are proposed', '建议的报警限值'],
  sources: ['Sources', '数据源'],
  add: ['A server is added: its address', '添加服务器：地址'],
  'add-ways': ['A server is added: ways and certificate', '添加服务器：连接方式和证书'],
  certificates: ['Certificates', '证书'],
  designer: ['Designer of screens', '画面设计器'],
  diagnostics: ['Diagnostics', '诊断'],
  search: ['Search everywhere (Ctrl-K)', '全局搜索（Ctrl-K）'],
  login: ['Logging in', '登录'],
  users: ['Users', '用户'],
  'users-add': ['A user is added', '添加用户'],
  'users-sessions': ['Sessions', '会话'],
  'users-tokens': ['Tokens', '令牌'],
  'tags-operator': ['Tags, for an operator', '位号表（操作员）'],
  'overview-operator': ['Overview, for an operator', '总览（操作员）'],
  audit: ['Audit log', '审计日志'],
  account: ['Own account', '我的账户'],
};

const words = {
  en: {
    other: '[中文](gallery.zh-CN.md)',
    title: 'Every page in pictures',
    made: 'Taken from the running program with its simulator by `npm run screenshots -- --docs` in `web/`; each was checked for accessibility, for what is wider than the window, and for requests to other machines.',
  },
  zh: {
    other: '[English](gallery.md)',
    title: '所有页面的截图',
    made: '由 `web/` 目录下的 `npm run screenshots -- --docs` 从正在运行的程序（自带模拟器）截取；每张都检查过无障碍性、是否超出窗口宽度、是否向其他机器发出请求。',
  },
};

/**
 * The document in `lang` (en, zh). `scenes`: [{ name, widths }] in the order of the document, `pictureOf(name, theme,
 * width)`: a picture's file below docs.
 */
export function galleryText(lang, scenes, themes, pictureOf) {
  const { title, made, other } = words[lang];
  const parts = [`# ${title}\n`, `${other}\n`, `${made}\n`];
  for (const { name, widths } of scenes) {
    if (!titles[name]) throw new Error(`scripts/gallery.mjs has no title for ${name}`);
    const text = titles[name][lang === 'en' ? 0 : 1];
    parts.push(`## ${text}\n`);
    for (const width of widths) {
      const images = themes.map((theme) => `<img src="${pictureOf(name, theme, width)}" alt="${text}" width="${width > 720 ? '49%' : '24%'}">`);
      parts.push(`${images.join('\n')}\n`);
    }
  }
  return parts.join('\n');
}
