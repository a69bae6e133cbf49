/* Included before the generated proxy: functions of rpcrt4 that mingw-w64 declares for C++ alone. */
#pragma once

#include <objbase.h>
#include <windows.h>

HRESULT STDMETHODCALLTYPE IUnknown_QueryInterface_Proxy(IUnknown* This, REFIID riid, void** out);
ULONG STDMETHODCALLTYPE IUnknown_AddRef_Proxy(IUnknown* This);
ULONG STDMETHODCALLTYPE IUnknown_Release_Proxy(IUnknown* This);
