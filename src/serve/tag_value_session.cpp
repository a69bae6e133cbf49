#include "serve/tag_value_session.h"

#include <array>
#include <memory>
#include <utility>

#include "model/plain_text.h"
#include "serve/shard.h"
#include "serve/web_socket_channel.h"

namespace tagwire::serve {

TagValueSession::TagValueSession(Shard& shard, WebSocketChannel& channel, TagValueTerms terms, Caller caller)
    : PushSession(shard, channel),
      channel_(channel),
      terms_(std::move(terms)),
      sight_(TagSight::of(std::move(caller.principal))),
      repeat_(shard.context()) {
    holdTo(std::move(caller.grant));
}

boost::asio::awaitable<void> TagValueSession::run() {
    const auto& options = shard().server().options;
    auto& subscription = addSubscription(std::make_unique<Subscription>(
        *this,
        SubscriptionTerms{.id = wire::SubId{1}, .min = options.minInterval, .maxTags = 1, .sight = sight_}));
    const std::array names{terms_.tag};
    (void)shard().table().add(subscription, names);
    shard().table().startWithSnapshot(subscription);
    armRepeat();
    while (co_await channel_.read()) {
    }
    repeat_.cancel();
}

bool TagValueSession::gather(Subscription& subscription, std::string& out) {
    out.clear();
    if (subscription.takeDirty(1).empty()) return false;
    appendValue(out);
    armRepeat();
    return true;
}

void TagValueSession::appendValue(std::string& out) const {
    const auto* entry = shard().cache().find(terms_.tag);
    if (entry == nullptr) return;
    if (entry->value.status.isBad()) {
        out.append(statusText(entry->value.status));
    } else {
        appendPlainText(out, entry->value.value);
    }
}

void TagValueSession::armRepeat() {
    repeat_.expires_after(terms_.interval);
    repeat_.async_wait([this](const boost::system::error_code& error) {
        if (error || closing()) return;
        std::string text;
        appendValue(text);
        send(std::move(text));
        armRepeat();
    });
}

}  // namespace tagwire::serve
