/// Lets the server ask the history.
/// Thread: any. Lifetime: outlives the server; the history outlives it.
#pragma once

#include <utility>

#include "history/history.h"
#include "serve/history_reader.h"

namespace tagwire::app {

class HistoryAnswers final : public serve::HistoryReader {
public:
    explicit HistoryAnswers(history::History& history) : history_(history) {}

    void ask(HistoryQuery query, std::stop_token stop, ServiceAnswer<HistoryAnswer> answer) override {
        history_.ask(std::move(query), std::move(stop), std::move(answer));
    }

private:
    history::History& history_;
};

}  // namespace tagwire::app
