/// The protocol row of a tag as frames take it, with its comma, within one cache line unless it is long.
/// Thread: the shard's. Lifetime: owned by the TagCache.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "base/time.h"

namespace tagwire::serve {

class RowWriter;

class alignas(64) KeptRow {
public:
    /// Nothing is kept: there was no value yet, or nobody watches.
    void clear() noexcept {
        size_ = 0;
        long_.reset();
    }
    /// `row` without a comma, times from `base`; not empty.
    void keep(std::string_view row, Timestamp base) {
        base_ = base;
        if (row.size() < text_.size()) {
            std::memcpy(text_.data(), row.data(), row.size());
            text_[row.size()] = ',';
            size_ = static_cast<std::uint8_t>(row.size() + 1);
            if (long_) long_.reset();
            return;
        }
        if (!long_) long_ = std::make_unique<std::string>();
        long_->assign(row).push_back(',');
        size_ = kLong;
    }

    [[nodiscard]] bool countsFrom(Timestamp base) const noexcept { return size_ != 0 && base_ == base; }
    [[nodiscard]] std::string_view text() const noexcept {
        return size_ == kLong ? std::string_view(*long_) : std::string_view(text_.data(), size_);
    }

private:
    friend class RowWriter;
    static constexpr std::uint8_t kLong = 0xFF;

    Timestamp base_;
    std::unique_ptr<std::string> long_;
    std::uint8_t size_ = 0;
    std::array<char, 47> text_{};
};

static_assert(sizeof(KeptRow) == 64);

/// Appends rows to a frame. A short row is copied as a block of fixed size, which is several times as fast as
/// copying its few bytes exactly; what the frame holds too much until the writer goes is cut off then.
class RowWriter {
public:
    explicit RowWriter(std::string& out) noexcept : out_(out), used_(out.size()) {}
    ~RowWriter() { out_.resize(used_); }
    RowWriter(const RowWriter&) = delete;
    RowWriter& operator=(const RowWriter&) = delete;

    void append(const KeptRow& row) {
        constexpr std::size_t kBlock = sizeof row.text_;
        if (row.size_ == KeptRow::kLong) {
            out_.resize(used_);
            out_.append(*row.long_);
            used_ = out_.size();
            return;
        }
        if (out_.size() - used_ < kBlock) out_.resize(used_ + kRowsAhead * kBlock);
        std::memcpy(out_.data() + used_, row.text_.data(), kBlock);
        used_ += row.size_;
    }
    /// Of the frame so far, in bytes.
    [[nodiscard]] std::size_t size() const noexcept { return used_; }

private:
    static constexpr std::size_t kRowsAhead = 16;

    std::string& out_;
    std::size_t used_;
};

}  // namespace tagwire::serve
