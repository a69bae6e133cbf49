/** All symbols, by id. */
import { kDisplays } from "./displays.js";
import { kExchangers, kSeparation, kSolids } from "./equipment.js";
import { kInstruments, kPiping } from "./instruments.js";
import { kMachines } from "./machines.js";
import type { ProcessSymbol } from "./symbol.js";
import { kValves } from "./valves.js";
import { kVessels } from "./vessels.js";

export const kSymbols: ReadonlyMap<string, ProcessSymbol> = new Map(
  [kDisplays, kValves, kMachines, kVessels, kExchangers, kSeparation, kSolids, kPiping, kInstruments]
    .flat()
    .map((symbol) => [symbol.id, symbol]),
);
