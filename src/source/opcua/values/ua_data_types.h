/// The library's description of each of its structures that we use.
/// Thread: any. Lifetime: functions.
#pragma once

#include <open62541/types.h>
#include <open62541/types_generated.h>

namespace tagwire::source::opcua {

/// The library's description of the structure T; only the specialisations below exist. Types that are the
/// same in C, such as String and ByteString, have none.
template <class T>
[[nodiscard]] const UA_DataType& dataTypeOf() noexcept = delete;

template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_NodeId>() noexcept {
    return UA_TYPES[UA_TYPES_NODEID];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_ExpandedNodeId>() noexcept {
    return UA_TYPES[UA_TYPES_EXPANDEDNODEID];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_Variant>() noexcept {
    return UA_TYPES[UA_TYPES_VARIANT];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_DataValue>() noexcept {
    return UA_TYPES[UA_TYPES_DATAVALUE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_QualifiedName>() noexcept {
    return UA_TYPES[UA_TYPES_QUALIFIEDNAME];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_LocalizedText>() noexcept {
    return UA_TYPES[UA_TYPES_LOCALIZEDTEXT];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_ExtensionObject>() noexcept {
    return UA_TYPES[UA_TYPES_EXTENSIONOBJECT];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_GetEndpointsRequest>() noexcept {
    return UA_TYPES[UA_TYPES_GETENDPOINTSREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_GetEndpointsResponse>() noexcept {
    return UA_TYPES[UA_TYPES_GETENDPOINTSRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_FindServersRequest>() noexcept {
    return UA_TYPES[UA_TYPES_FINDSERVERSREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_FindServersResponse>() noexcept {
    return UA_TYPES[UA_TYPES_FINDSERVERSRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_ReadRequest>() noexcept {
    return UA_TYPES[UA_TYPES_READREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_ReadResponse>() noexcept {
    return UA_TYPES[UA_TYPES_READRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_WriteRequest>() noexcept {
    return UA_TYPES[UA_TYPES_WRITEREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_WriteResponse>() noexcept {
    return UA_TYPES[UA_TYPES_WRITERESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_HistoryReadRequest>() noexcept {
    return UA_TYPES[UA_TYPES_HISTORYREADREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_HistoryReadResponse>() noexcept {
    return UA_TYPES[UA_TYPES_HISTORYREADRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_BrowseRequest>() noexcept {
    return UA_TYPES[UA_TYPES_BROWSEREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_BrowseResponse>() noexcept {
    return UA_TYPES[UA_TYPES_BROWSERESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_BrowseNextRequest>() noexcept {
    return UA_TYPES[UA_TYPES_BROWSENEXTREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_BrowseNextResponse>() noexcept {
    return UA_TYPES[UA_TYPES_BROWSENEXTRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_TranslateBrowsePathsToNodeIdsRequest>() noexcept {
    return UA_TYPES[UA_TYPES_TRANSLATEBROWSEPATHSTONODEIDSREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_TranslateBrowsePathsToNodeIdsResponse>() noexcept {
    return UA_TYPES[UA_TYPES_TRANSLATEBROWSEPATHSTONODEIDSRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_RegisterNodesRequest>() noexcept {
    return UA_TYPES[UA_TYPES_REGISTERNODESREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_RegisterNodesResponse>() noexcept {
    return UA_TYPES[UA_TYPES_REGISTERNODESRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_CallRequest>() noexcept {
    return UA_TYPES[UA_TYPES_CALLREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_CallResponse>() noexcept {
    return UA_TYPES[UA_TYPES_CALLRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_CreateSubscriptionRequest>() noexcept {
    return UA_TYPES[UA_TYPES_CREATESUBSCRIPTIONREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_CreateSubscriptionResponse>() noexcept {
    return UA_TYPES[UA_TYPES_CREATESUBSCRIPTIONRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_ModifySubscriptionRequest>() noexcept {
    return UA_TYPES[UA_TYPES_MODIFYSUBSCRIPTIONREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_ModifySubscriptionResponse>() noexcept {
    return UA_TYPES[UA_TYPES_MODIFYSUBSCRIPTIONRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_DeleteSubscriptionsRequest>() noexcept {
    return UA_TYPES[UA_TYPES_DELETESUBSCRIPTIONSREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_DeleteSubscriptionsResponse>() noexcept {
    return UA_TYPES[UA_TYPES_DELETESUBSCRIPTIONSRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_TransferSubscriptionsRequest>() noexcept {
    return UA_TYPES[UA_TYPES_TRANSFERSUBSCRIPTIONSREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_TransferSubscriptionsResponse>() noexcept {
    return UA_TYPES[UA_TYPES_TRANSFERSUBSCRIPTIONSRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_CreateMonitoredItemsRequest>() noexcept {
    return UA_TYPES[UA_TYPES_CREATEMONITOREDITEMSREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_CreateMonitoredItemsResponse>() noexcept {
    return UA_TYPES[UA_TYPES_CREATEMONITOREDITEMSRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_ModifyMonitoredItemsRequest>() noexcept {
    return UA_TYPES[UA_TYPES_MODIFYMONITOREDITEMSREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_ModifyMonitoredItemsResponse>() noexcept {
    return UA_TYPES[UA_TYPES_MODIFYMONITOREDITEMSRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_DeleteMonitoredItemsRequest>() noexcept {
    return UA_TYPES[UA_TYPES_DELETEMONITOREDITEMSREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_DeleteMonitoredItemsResponse>() noexcept {
    return UA_TYPES[UA_TYPES_DELETEMONITOREDITEMSRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_PublishRequest>() noexcept {
    return UA_TYPES[UA_TYPES_PUBLISHREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_PublishResponse>() noexcept {
    return UA_TYPES[UA_TYPES_PUBLISHRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_NotificationMessage>() noexcept {
    return UA_TYPES[UA_TYPES_NOTIFICATIONMESSAGE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_CloseSessionRequest>() noexcept {
    return UA_TYPES[UA_TYPES_CLOSESESSIONREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_CloseSessionResponse>() noexcept {
    return UA_TYPES[UA_TYPES_CLOSESESSIONRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_RepublishRequest>() noexcept {
    return UA_TYPES[UA_TYPES_REPUBLISHREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_RepublishResponse>() noexcept {
    return UA_TYPES[UA_TYPES_REPUBLISHRESPONSE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_ReadValueId>() noexcept {
    return UA_TYPES[UA_TYPES_READVALUEID];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_WriteValue>() noexcept {
    return UA_TYPES[UA_TYPES_WRITEVALUE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_HistoryReadValueId>() noexcept {
    return UA_TYPES[UA_TYPES_HISTORYREADVALUEID];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_HistoryReadResult>() noexcept {
    return UA_TYPES[UA_TYPES_HISTORYREADRESULT];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_BrowseDescription>() noexcept {
    return UA_TYPES[UA_TYPES_BROWSEDESCRIPTION];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_BrowseResult>() noexcept {
    return UA_TYPES[UA_TYPES_BROWSERESULT];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_BrowsePath>() noexcept {
    return UA_TYPES[UA_TYPES_BROWSEPATH];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_BrowsePathResult>() noexcept {
    return UA_TYPES[UA_TYPES_BROWSEPATHRESULT];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_CallMethodRequest>() noexcept {
    return UA_TYPES[UA_TYPES_CALLMETHODREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_CallMethodResult>() noexcept {
    return UA_TYPES[UA_TYPES_CALLMETHODRESULT];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_MonitoredItemCreateRequest>() noexcept {
    return UA_TYPES[UA_TYPES_MONITOREDITEMCREATEREQUEST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_MonitoredItemCreateResult>() noexcept {
    return UA_TYPES[UA_TYPES_MONITOREDITEMCREATERESULT];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_ReadRawModifiedDetails>() noexcept {
    return UA_TYPES[UA_TYPES_READRAWMODIFIEDDETAILS];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_HistoryData>() noexcept {
    return UA_TYPES[UA_TYPES_HISTORYDATA];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_EventFilter>() noexcept {
    return UA_TYPES[UA_TYPES_EVENTFILTER];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_DataChangeNotification>() noexcept {
    return UA_TYPES[UA_TYPES_DATACHANGENOTIFICATION];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_StatusChangeNotification>() noexcept {
    return UA_TYPES[UA_TYPES_STATUSCHANGENOTIFICATION];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_EventNotificationList>() noexcept {
    return UA_TYPES[UA_TYPES_EVENTNOTIFICATIONLIST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_EventFieldList>() noexcept {
    return UA_TYPES[UA_TYPES_EVENTFIELDLIST];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_ModelChangeStructureDataType>() noexcept {
    return UA_TYPES[UA_TYPES_MODELCHANGESTRUCTUREDATATYPE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_DataChangeFilter>() noexcept {
    return UA_TYPES[UA_TYPES_DATACHANGEFILTER];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_SimpleAttributeOperand>() noexcept {
    return UA_TYPES[UA_TYPES_SIMPLEATTRIBUTEOPERAND];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_StructureDefinition>() noexcept {
    return UA_TYPES[UA_TYPES_STRUCTUREDEFINITION];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_EnumDefinition>() noexcept {
    return UA_TYPES[UA_TYPES_ENUMDEFINITION];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_EUInformation>() noexcept {
    return UA_TYPES[UA_TYPES_EUINFORMATION];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_Range>() noexcept {
    return UA_TYPES[UA_TYPES_RANGE];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_UserNameIdentityToken>() noexcept {
    return UA_TYPES[UA_TYPES_USERNAMEIDENTITYTOKEN];
}
template <>
[[nodiscard]] inline const UA_DataType& dataTypeOf<UA_X509IdentityToken>() noexcept {
    return UA_TYPES[UA_TYPES_X509IDENTITYTOKEN];
}

}  // namespace tagwire::source::opcua
