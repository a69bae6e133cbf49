// Nodes of the test server for services other than subscriptions: what can be written, called, and read from
// history.
//   Write.<Type>, Write.<Type>s  a writable scalar and array of every built-in type that has a text form
//   Write.Duration               Double, whose data type is the subtype Duration
//   Write.State                  an enumeration
//   Write.Any                    BaseDataType, any rank; without a value at first
//   Write.Clamped                Double that never goes above 100
//   ReadOnly, NotMine            Doubles that nobody, or only another user, may write
//   Plant, Plant.Mix             an object with a method Mix(Litres: Double, Steps: Int32[]) -> (Total:
//   Double, Text: String) Plant.Stop                   a method without arguments;  Plant.Locked  one that
//   cannot be run History.0 … History.9        Doubles with history
#pragma once

#include <cstdint>
#include <vector>

#include <open62541/plugin/historydata/history_data_backend.h>
#include <open62541/server.h>

class ServiceNodes {
public:
    // Before the server is made of it.
    void configure(UA_ServerConfig& config);
    void add(UA_Server* server, UA_UInt16 space);
    // Lets a variable of another part have a history.
    void historize(const UA_NodeId& node);
    // Records `count` values 0, 1, … of History.<node>, `step` ms apart; the first has the source time
    // `first`.
    UA_StatusCode record(int node, UA_DateTime first, int count, int stepMs);
    UA_StatusCode record(const UA_NodeId& node, UA_DateTime time, const UA_Variant& value);

private:
    void keepHistoryOf(const UA_NodeId& node);

    UA_Server* server_ = nullptr;
    UA_UInt16 space_ = 0;
    UA_HistoryDataBackend backend_{};
};
