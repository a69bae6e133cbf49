/// The headers of Windows and COM in the order that they need: the later ones want windows.h before them.
/// Thread: any. Lifetime: declarations.
#pragma once

// clang-format off
#include <windows.h>
#include <objbase.h>
#include <ocidl.h>
#include <oleauto.h>
// clang-format on
