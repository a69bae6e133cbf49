#include "bridge/server_worker.h"

#include <chrono>
#include <utility>

#include "com/platform.h"
#include "types/hresult.h"

namespace tagwire::da {
namespace {

constexpr std::chrono::seconds kIdle{30};

/// COM for a thread of ours.
class ThreadOfCom {
public:
    ThreadOfCom() noexcept : result_(CoInitializeEx(nullptr, COINIT_MULTITHREADED)) {}
    ThreadOfCom(const ThreadOfCom&) = delete;
    ThreadOfCom& operator=(const ThreadOfCom&) = delete;
    ~ThreadOfCom() {
        if (SUCCEEDED(result_)) CoUninitialize();
    }

private:
    HRESULT result_;
};

}  // namespace

ServerWorker::ServerWorker(std::string server)
    : name_(std::move(server)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

ServerWorker::~ServerWorker() {
    thread_.request_stop();
    thread_.join();
}

bool ServerWorker::post(Job job) {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() >= kMaxJobs) return false;
    jobs_.push_back(std::move(job));
    wake_.notify_one();
    return true;
}

void ServerWorker::run(const std::stop_token& stop) {
    const ThreadOfCom com;
    while (!stop.stop_requested()) {
        Job job;
        {
            std::unique_lock lock(mutex_);
            if (wake_.wait_for(lock, stop, kIdle, [this] { return !jobs_.empty(); })) {
                job = std::move(jobs_.front());
                jobs_.pop_front();
            }
        }
        if (job) {
            job(connected());
        } else {
            server_.reset();  // nobody asks: the server may be alone again
        }
    }
    server_.reset();
}

/// The one that is there, if it still answers; else a new one.
Result<DaServer*> ServerWorker::connected() {
    if (server_ && !isFailure(server_->ping())) return &*server_;
    server_.reset();
    auto made = DaServer::connect(name_);
    if (!made) return tl::unexpected(made.error());
    server_ = std::move(*made);
    return &*server_;
}

}  // namespace tagwire::da
