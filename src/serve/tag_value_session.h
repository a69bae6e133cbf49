/// `/tagCurValue`: the bare value of one tag as text, for the simplest of pages.
/// Thread: the shard's. Lifetime: within the connection's coroutine.
#pragma once

#include <chrono>
#include <string>

#include <boost/asio/steady_timer.hpp>

#include "serve/caller.h"
#include "serve/push_session.h"
#include "serve/tag_sight.h"

namespace tagwire::serve {

class WebSocketChannel;

struct TagValueTerms {
    std::string tag;
    /// The value is sent at each change and, unchanged, after this time again.
    std::chrono::milliseconds interval{5000};
};

/// A tag of quality Bad is told by the name of its status, such as `BadNoCommunication`: bare text has no
/// other way to say that a value is not to be trusted.
class TagValueSession final : public PushSession {
public:
    TagValueSession(Shard& shard, WebSocketChannel& channel, TagValueTerms terms, Caller caller);

    /// Pushes until the client closes; what the client sends is ignored.
    boost::asio::awaitable<void> run();

    void onSourceState(const SourceState&) override {}
    void onTags(Subscription&, const std::vector<SharedTagInfo>&) override {}

private:
    bool gather(Subscription& subscription, std::string& out) override;
    void appendTagsFrame(std::string&, wire::SubId, std::string_view) override {}
    void appendPing(std::string& out) override { appendValue(out); }

    void appendValue(std::string& out) const;
    void armRepeat();

    WebSocketChannel& channel_;
    TagValueTerms terms_;
    TagSight sight_;
    boost::asio::steady_timer repeat_;
};

}  // namespace tagwire::serve
