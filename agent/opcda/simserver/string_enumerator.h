/// A list of texts as IEnumString.
/// Thread: any. Lifetime: shared.
#pragma once

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

#include "com/com_object.h"
#include "com/text.h"

namespace tagwire::da {

class StringEnumerator final : public ComObject<IEnumString> {
public:
    explicit StringEnumerator(std::vector<std::wstring> texts) : texts_(std::move(texts)) {}

    HRESULT STDMETHODCALLTYPE Next(ULONG count, LPOLESTR* out, ULONG* fetched) override {
        const std::lock_guard lock(mutex_);
        ULONG got = 0;
        while (got < count && position_ < texts_.size()) out[got++] = taskCopyOf(texts_[position_++]);
        if (fetched != nullptr) *fetched = got;
        return got == count ? S_OK : S_FALSE;
    }
    HRESULT STDMETHODCALLTYPE Skip(ULONG count) override {
        const std::lock_guard lock(mutex_);
        const auto left = texts_.size() - position_;
        position_ += std::min<std::size_t>(count, left);
        return count <= left ? S_OK : S_FALSE;
    }
    HRESULT STDMETHODCALLTYPE Reset() override {
        const std::lock_guard lock(mutex_);
        position_ = 0;
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE Clone(IEnumString** out) override {
        const std::lock_guard lock(mutex_);
        auto copy = makeCom<StringEnumerator>(texts_);
        copy->position_ = position_;
        copy->AddRef();
        *out = copy.get();
        return S_OK;
    }

private:
    std::mutex mutex_;
    std::vector<std::wstring> texts_;
    std::size_t position_ = 0;
};

}  // namespace tagwire::da
