/** Which built-in screen shows which unit of the demonstration plant; apart from the screens, which come later. */
const kScreens: Readonly<Record<string, string>> = {
  "Plant.Unit100": "demo-distillation",
  "Plant.Unit200": "demo-reaction",
};

export function screenOfUnit(unit: string): string | undefined {
  return kScreens[unit];
}
