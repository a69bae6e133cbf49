/// The words of src/sqlite as the history uses them: its errors are also those of its other files.
/// Thread: any. Lifetime: types.
#pragma once

#include "sqlite/database.h"

namespace tagwire::history {

using StorageError = sqlite::StorageError;
template <class T>
using StorageResult = sqlite::StorageResult<T>;
using sqlite::Database;
using sqlite::fileError;
using sqlite::Statement;

}  // namespace tagwire::history
