#include "service/service.h"

#include <array>
#include <chrono>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "client/com_apartment.h"
#include "com/platform.h"
#include "com/text.h"
#include "types/hresult.h"

namespace tagwire::da {
namespace {

using namespace std::chrono_literals;

constexpr const wchar_t* kName = L"TagwireOpcDaAgent";
constexpr const wchar_t* kTitle = L"Tagwire OPC DA agent";
constexpr const wchar_t* kAccount = L"NT AUTHORITY\\LocalService";

tl::unexpected<Error> failed(std::string_view what) {
    const auto code = static_cast<std::uint32_t>(HRESULT_FROM_WIN32(GetLastError()));
    return fail(fmt::format("{}: {}", what, hresultText(code)));
}

/// A handle of the service manager or of a service.
class Handle {
public:
    explicit Handle(SC_HANDLE handle) noexcept : handle_(handle) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() {
        if (handle_ != nullptr) CloseServiceHandle(handle_);
    }
    [[nodiscard]] SC_HANDLE get() const noexcept { return handle_; }
    explicit operator bool() const noexcept { return handle_ != nullptr; }

private:
    SC_HANDLE handle_;
};

Result<std::wstring> fullPath(const std::string& file) {
    std::array<wchar_t, 1024> path{};
    const DWORD size =
        GetFullPathNameW(utf16Of(file).c_str(), static_cast<DWORD>(path.size()), path.data(), nullptr);
    if (size == 0 || size >= path.size()) return fail("the path of " + file + " is too long");
    return std::wstring(path.data(), size);
}

/// The command line that Windows starts. File names cannot hold quotation marks, and an address is checked
/// first.
Result<std::wstring> commandLine(const BridgeOptions& options) {
    std::array<wchar_t, 1024> program{};
    if (GetModuleFileNameW(nullptr, program.data(), static_cast<DWORD>(program.size())) >= program.size())
        return fail("the path of this program is too long");
    auto token = fullPath(options.tokenFile);
    if (!token) return tl::unexpected(token.error());
    auto line = L"\"" + std::wstring(program.data()) + L"\" service \"" + utf16Of(options.gateway) +
                L"\" --token-file \"" + *token + L"\"";
    if (!options.keepFolder.empty()) {
        auto folder = fullPath(options.keepFolder);
        if (!folder) return tl::unexpected(folder.error());
        if (folder->ends_with(L'\\')) *folder += L'\\';  // it would keep the quotation mark from being one
        line += L" --keep \"" + *folder + L"\"";
    }
    line += L" --keep-mb " + std::to_wstring(options.keepMegabytes);
    if (!options.gatewaySha256.empty())
        line += L" --gateway-sha256 \"" + utf16Of(options.gatewaySha256) + L"\"";
    if (options.allowPlain) line += L" --allow-plain";
    return line;
}

/// What the service is while Windows runs it. Its main function has no argument of ours, so this one is of
/// the process.
struct Running {
    BridgeOptions options;
    std::stop_source stop;
    SERVICE_STATUS_HANDLE status = nullptr;
    HANDLE events = nullptr;

    void tell(DWORD state, DWORD exitCode) const {
        SERVICE_STATUS now{};
        now.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
        now.dwCurrentState = state;
        now.dwControlsAccepted = state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN : 0;
        now.dwWin32ExitCode = exitCode;
        now.dwWaitHint = 10'000;
        SetServiceStatus(status, &now);
    }
    void log(WORD type, const std::string& text) const {
        const auto wide = utf16Of(text);
        const wchar_t* line = wide.c_str();
        if (events != nullptr) ReportEventW(events, type, 0, 1, nullptr, 1, 0, &line, nullptr);
    }
};

Running& running() {
    static Running one;
    return one;
}

DWORD WINAPI onControl(DWORD control, DWORD, void*, void*) {
    if (control == SERVICE_CONTROL_INTERROGATE) return NO_ERROR;
    if (control != SERVICE_CONTROL_STOP && control != SERVICE_CONTROL_SHUTDOWN)
        return ERROR_CALL_NOT_IMPLEMENTED;
    running().tell(SERVICE_STOP_PENDING, NO_ERROR);
    running().stop.request_stop();
    return NO_ERROR;
}

void WINAPI serviceMain(DWORD, wchar_t**) {
    auto& service = running();
    service.status = RegisterServiceCtrlHandlerExW(kName, onControl, nullptr);
    if (service.status == nullptr) return;
    service.events = RegisterEventSourceW(nullptr, kName);
    service.tell(SERVICE_RUNNING, NO_ERROR);
    Result<void> done;
    {
        const ComApartment apartment;
        if (FAILED(apartment.result())) {
            done = fail("COM cannot be used: " + hresultText(static_cast<std::uint32_t>(apartment.result())));
        } else {
            done = runBridge(service.options, service.stop.get_token(), [&service](const std::string& text) {
                service.log(EVENTLOG_INFORMATION_TYPE, text);
            });
        }
    }
    if (!done) service.log(EVENTLOG_ERROR_TYPE, done.error().message);
    if (service.events != nullptr) DeregisterEventSource(service.events);
    service.tell(SERVICE_STOPPED, done ? NO_ERROR : ERROR_SERVICE_SPECIFIC_ERROR);
}

}  // namespace

Result<void> installService(const BridgeOptions& options) {
    if (auto good = checkBridge(options); !good) return good;
    const auto line = commandLine(options);
    if (!line) return tl::unexpected(line.error());
    const Handle manager(OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CREATE_SERVICE));
    if (!manager) return failed("services cannot be changed; run this as an administrator");
    const Handle service(CreateServiceW(manager.get(), kName, kTitle, SERVICE_ALL_ACCESS,
                                        SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START, SERVICE_ERROR_NORMAL,
                                        line->c_str(), nullptr, nullptr, nullptr, kAccount, nullptr));
    if (!service) {
        if (GetLastError() == ERROR_SERVICE_EXISTS)
            return fail("the service is installed already; `tagwire-da-agent uninstall` removes it");
        return failed("the service cannot be made");
    }
    // What Windows does when the process dies; a service that does without is still one.
    std::array<SC_ACTION, 1> again{{{.Type = SC_ACTION_RESTART, .Delay = 5000}}};
    SERVICE_FAILURE_ACTIONSW actions{};
    actions.dwResetPeriod = 3600;
    actions.cActions = static_cast<DWORD>(again.size());
    actions.lpsaActions = again.data();
    ChangeServiceConfig2W(service.get(), SERVICE_CONFIG_FAILURE_ACTIONS, &actions);
    if (StartServiceW(service.get(), 0, nullptr) == FALSE)
        return failed("the service is installed, but does not start");
    return {};
}

Result<void> uninstallService() {
    const Handle manager(OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
    if (!manager) return failed("services cannot be changed; run this as an administrator");
    const Handle service(OpenServiceW(manager.get(), kName, SERVICE_STOP | SERVICE_QUERY_STATUS | DELETE));
    if (!service) return failed("there is no such service");
    SERVICE_STATUS status{};
    ControlService(service.get(), SERVICE_CONTROL_STOP, &status);
    for (int i = 0; i < 100; ++i) {
        if (QueryServiceStatus(service.get(), &status) == FALSE || status.dwCurrentState == SERVICE_STOPPED)
            break;
        std::this_thread::sleep_for(100ms);
    }
    if (DeleteService(service.get()) == FALSE) return failed("the service cannot be removed");
    return {};
}

Result<void> runService(const BridgeOptions& options) {
    running().options = options;
    std::wstring name(kName);
    const std::array<SERVICE_TABLE_ENTRYW, 2> table{
        SERVICE_TABLE_ENTRYW{.lpServiceName = name.data(), .lpServiceProc = serviceMain},
        SERVICE_TABLE_ENTRYW{.lpServiceName = nullptr, .lpServiceProc = nullptr}};
    if (StartServiceCtrlDispatcherW(table.data()) == FALSE) return failed("only Windows starts the agent so");
    return {};
}

}  // namespace tagwire::da
