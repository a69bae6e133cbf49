// The address space of a small plant, and of a wide one, for tests of browsing and metadata.
//
// Below Objects, all in the peer's namespace, node ids are the names joined by dots:
//   Plant ─ Line1 ─ Boiler ─ Temp       AnalogItem, Double, °C, 0…200, instrument -50…250, one decimal
//                          ─ Pressure   AnalogItem, Double, a unit outside UNECE, no range
//                          ─ Running    TwoStateDiscrete: off, on
//                          ─ Mode       MultiStateDiscrete: Off, Manual, Automatic
//                          ─ State      MultiStateValueDiscrete: 10 Idle, 20 Busy
//                          ─ Kind       own enumeration with EnumStrings: Steam, Water
//                          ─ Level      own subtype of Float, read only
//                          ─ Flow       Double[3], sampled at least every 250 ms
//                          ─ Odd.Name/1 String
//                          ─ Reset      method
//         ─ Line2 ─ Boiler (the same node as Line1's), and back to Plant: a cycle
//   Wide  ─ 0 … N-1   Double
#pragma once

#include <string>

#include <open62541/server.h>

class PlantTree {
public:
    PlantTree(UA_Server* server, UA_UInt16 space) : server_(server), space_(space) {}

    void addPlant();
    void addWide(int count);
    // A Double node below the folder; "Good" or the status' name.
    std::string addVariable(const std::string& folder, const std::string& name);
    std::string remove(const std::string& node);

private:
    UA_Server* server_;
    UA_UInt16 space_;
};
