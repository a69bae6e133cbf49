/** Nodes of an address space as people read them. */
import type { NodeDetail, WireValue } from "@tagwire/client";
import { plainName } from "./names.js";

const kMaxText = 2_000;

/** A value of any type as text; long ones are cut. */
export function textOfValue(value: WireValue | undefined): string {
  if (value === undefined || value === null) return "—";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > kMaxText ? `${text.slice(0, kMaxText)}…` : text;
}

/** `Double`, `Int32[3×2]`, `String[]`. */
export function typeText(detail: NodeDetail): string {
  const { dataTypeName, dataType, valueRank = -1, arrayDimensions = [] } = detail;
  const name = dataTypeName ?? dataType ?? "";
  if (valueRank < 0) return name;
  const lengths = arrayDimensions.map((length) => (length > 0 ? String(length) : ""));
  return `${name}[${lengths.join("×")}]`;
}

export interface Rights {
  readonly read: boolean;
  readonly write: boolean;
  readonly history: boolean;
}

/** What our user may do with the value. */
export function rightsOf({ userAccess, access }: NodeDetail): Rights {
  const rights = userAccess ?? access ?? [];
  const has = (right: string) => rights.includes(right);
  return { read: has("CurrentRead"), write: has("CurrentWrite"), history: has("HistoryRead") };
}

function memberOf(value: WireValue | undefined, name: string): WireValue | undefined {
  const members: object = typeof value === "object" && value !== null ? value : {};
  return Object.entries(members).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** The texts of what properties are made of: LocalizedText, EUInformation, Range (OPC 10000-8, 5.6). */
export function textOfProperty({ value }: Pick<NodeDetail, "value">): string {
  const [low, high] = [memberOf(value, "low"), memberOf(value, "high")];
  if (low !== undefined && high !== undefined) return `${textOfValue(low)} … ${textOfValue(high)}`;
  const text = memberOf(memberOf(value, "displayname") ?? value, "text");
  return typeof text === "string" ? text : textOfValue(value);
}

/** What the properties of a variable say about its values (OPC 10000-8, 5.3.2); empty where they say nothing. */
export function metadataOf(properties: readonly NodeDetail[]): { unit: string; range: string } {
  const textOf = (name: string) => {
    const property = properties.find(({ browseName }) => plainName(browseName) === name);
    return typeof property?.value === "object" && property.value !== null ? textOfProperty(property) : "";
  };
  return { unit: textOf("EngineeringUnits"), range: textOf("EURange") };
}
