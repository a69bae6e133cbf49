/// A long answer whose frames are made one by one, when their turn comes: it never waits as text.
/// Thread: the shard's. Lifetime: with the session from PushSession::send until its last frame.
#pragma once

#include <string>

namespace tagwire::serve {

class AnswerInParts {
public:
    AnswerInParts() = default;
    AnswerInParts(const AnswerInParts&) = delete;
    AnswerInParts& operator=(const AnswerInParts&) = delete;
    virtual ~AnswerInParts() = default;

    /// Writes the next frame into `frame`, which is empty. False: it was the last.
    [[nodiscard]] virtual bool next(std::string& frame) = 0;
};

}  // namespace tagwire::serve
