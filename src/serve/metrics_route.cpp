#include "serve/metrics_route.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "serve/shard.h"

namespace tagwire::serve {
namespace {

/// Gathers samples into families, as the text format wants them.
class Families {
public:
    void add(const MetricSample& sample) {
        const auto name = "tagwire_" + sample.name;
        auto [place, isNew] = index_.try_emplace(name, families_.size());
        if (isNew) {
            families_.push_back(
                {name,
                 sample.help,
                 sample.counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge,
                 {}});
        }
        prometheus::ClientMetric metric;
        for (const auto& [key, value] : sample.labels) metric.label.push_back({key, value});
        (sample.counter ? metric.counter.value : metric.gauge.value) = sample.value;
        families_[place->second].metric.push_back(std::move(metric));
    }

    [[nodiscard]] const std::vector<prometheus::MetricFamily>& all() const noexcept { return families_; }

private:
    std::map<std::string, std::size_t> index_;
    std::vector<prometheus::MetricFamily> families_;
};

void addCounter(Families& families, const ServerContext& server, std::string name, std::string help,
                Counter ShardCounters::* member) {
    std::uint64_t sum = 0;
    for (const auto* counters : server.counters) sum += (counters->*member).value();
    families.add({std::move(name), std::move(help), true, static_cast<double>(sum), {}});
}

void addGauge(Families& families, const ServerContext& server, std::string name, std::string help,
              Gauge ShardCounters::* member) {
    std::int64_t sum = 0;
    for (const auto* counters : server.counters) sum += (counters->*member).value();
    families.add({std::move(name), std::move(help), false, static_cast<double>(sum), {}});
}

void addServing(Families& families, const ServerContext& server) {
    using C = ShardCounters;
    addGauge(families, server, "connections",
             "Open HTTP connections, WebSockets and event streams among them.", &C::connections);
    addGauge(families, server, "websockets", "Open WebSockets.", &C::webSockets);
    addGauge(families, server, "event_streams", "Open server-sent event streams.", &C::eventStreams);
    addGauge(families, server, "subscriptions", "Subscriptions of all clients.", &C::subscriptions);
    addCounter(families, server, "connections_accepted_total", "Connections accepted.", &C::accepted);
    addCounter(families, server, "connections_refused_total", "Connections refused at the limit.",
               &C::refused);
    addCounter(families, server, "http_requests_refused_total",
               "HTTP requests refused because their address sent too many a second.", &C::refusedRequests);
    addCounter(families, server, "http_requests_total", "HTTP requests.", &C::requests);
    addCounter(families, server, "frames_sent_total", "Frames and events sent to clients.", &C::framesSent);
    addCounter(families, server, "sent_bytes_total", "Bytes of those frames.", &C::bytesSent);
    addCounter(families, server, "messages_received_total", "WebSocket messages received.",
               &C::messagesReceived);
    addCounter(families, server, "errors_answered_total", "Requests answered with an err frame.",
               &C::errorsAnswered);
    addCounter(families, server, "slow_clients_total", "Clients cut because they took no frame in time.",
               &C::slowClients);
    if (server.tls) {
        addCounter(families, server, "tls_handshake_failures_total", "TLS handshakes that failed.",
                   &C::tlsFailures);
        families.add({"tls_certificate_expiry_seconds",
                      "Unix time at which the server's certificate expires.",
                      false,
                      static_cast<double>(toUnixMillis(server.tls->get()->notAfter)) / 1000.0,
                      {}});
    }
}

void addSources(Families& families, const TagCache& cache) {
    for (const auto& [id, state] : cache.sources()) {
        const std::vector<std::pair<std::string, std::string>> labels{{"source", state.name},
                                                                      {"kind", state.kind}};
        families.add({"source_up", "1 while the source is live.", false,
                      state.phase == SourcePhase::Live ? 1.0 : 0.0, labels});
        families.add({"source_tags", "Tags of the source.", false, static_cast<double>(state.tags), labels});
        families.add({"source_bad_tags", "Tags the source could not subscribe to.", false,
                      static_cast<double>(state.badTags), labels});
        families.add({"source_state_since_seconds", "Unix time of the source's last change of state.", false,
                      static_cast<double>(toUnixMillis(state.since)) / 1000.0, labels});
    }
    families.add({"tags", "Tags known.", false, static_cast<double>(cache.size()), {}});
    families.add({"change_number",
                  "Number of the last change.",
                  false,
                  static_cast<double>(cache.last().value()),
                  {}});
}

}  // namespace

HttpResponse metricsRoute(Shard& shard, const HttpRequest&) {
    Families families;
    const auto& server = shard.server();
    families.add({"start_time_seconds",
                  "Unix time at which the server started.",
                  false,
                  static_cast<double>(toUnixMillis(server.started)) / 1000.0,
                  {{"server", server.product}}});
    addServing(families, server);
    addSources(families, shard.cache());
    if (server.metrics != nullptr) {
        for (const auto& sample : server.metrics->read()) families.add(sample);
    }
    HttpResponse response;
    response.contentType = "text/plain; version=0.0.4; charset=utf-8";
    response.body = prometheus::TextSerializer().Serialize(families.all());
    return response;
}

}  // namespace tagwire::serve
