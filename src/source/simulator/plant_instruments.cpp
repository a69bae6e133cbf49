#include "source/simulator/plant_instruments.h"

#include <array>
#include <string_view>
#include <utility>

namespace tagwire::source::simulator {
namespace {

using Model = const PlantModel&;
using Read = double (*)(Model);

/// UNECE codes as OPC UA packs them into a number: one byte a character (OPC 10000-8, 5.6.4.3).
constexpr std::int32_t unitId(std::string_view code) {
    std::int32_t id = 0;
    for (const char c : code) id = id << 8 | static_cast<std::int32_t>(c);
    return id;
}

EngineeringUnits unit(std::string_view symbol) {
    struct Known {
        std::string_view symbol, description, code;
    };
    static constexpr std::array<Known, 15> kKnown{{
        {"%", "percent", "P1"},
        {"A", "ampere", "AMP"},
        {"Hz", "hertz", "HTZ"},
        {"L/h", "litre per hour", "E32"},
        {"V", "volt", "VLT"},
        {"bar", "bar", "BAR"},
        {"h", "hour", "HUR"},
        {"kW", "kilowatt", "KWT"},
        {"kWh", "kilowatt hour", "KWH"},
        {"mbar", "millibar", "MBR"},
        {"m³", "cubic metre", "MTQ"},
        {"m³/h", "cubic metre per hour", "MQH"},
        {"rpm", "revolutions per minute", "RPM"},
        {"t/h", "tonne per hour", "E18"},
        {"°C", "degree Celsius", "CEL"},
    }};
    for (const Known& known : kKnown) {
        if (known.symbol == symbol) {
            return {std::string(symbol), std::string(known.description), unitId(known.code)};
        }
    }
    return {std::string(symbol), {}, -1};
}

const EnumLabels kModes{{0, "Manual"}, {1, "Auto"}, {2, "Cascade"}};
const EnumLabels kMotorStates{{0, "Stopped"}, {1, "Starting"}, {2, "Running"}, {3, "Tripped"}};
const EnumLabels kValve{{0, "Closed"}, {1, "Open"}};
const EnumLabels kCompressor{{0, "Stopped"}, {1, "Unloaded"}, {2, "Loaded"}};

/// Span of a measurement and how it is read.
struct Scale {
    std::string_view unit;
    double low, high;
    int decimals;
    double noise;
};

/// Who sets what a controller keeps.
enum class Setpoint : std::uint8_t { Local, Remote };

struct Text {
    std::string_view english, chinese;
};

class Builder {
public:
    void unit(std::string_view name) { unit_ = name; }

    void analog(std::string_view name, Text text, const Scale& scale, Read read, Limits limits = {}) {
        Instrument i = instrument(name, text, BuiltInType::Double, read);
        i.units = simulator::unit(scale.unit);
        i.range = {scale.low, scale.high};
        i.limits = limits;
        i.decimals = scale.decimals;
        i.noise = scale.noise;
        all_.push_back(std::move(i));
    }

    /// A number that stands for a state.
    void state(std::string_view name, Text text, const EnumLabels& labels, Read read) {
        Instrument i = instrument(name, text, BuiltInType::Int32, read);
        i.labels = labels;
        all_.push_back(std::move(i));
    }

    void digital(std::string_view name, Text text, const EnumLabels& labels, Read read) {
        Instrument i = instrument(name, text, BuiltInType::Boolean, read);
        i.labels = labels;
        all_.push_back(std::move(i));
    }

    /// A motor: its state and its current.
    template <auto Get>
    void motor(std::string_view name, Text text, double ratedCurrent) {
        const auto path = std::string(name);
        state(path + ".State", text, kMotorStates, [](Model m) { return static_cast<double>(Get(m).state); });
        analog(path + ".Current",
               {std::string(text.english) + " current", std::string(text.chinese) + "电流"},
               {"A", 0, ratedCurrent * 4, 1, 0.15}, [](Model m) { return Get(m).current; });
    }

    /// A controller: process value, setpoint, output, mode.
    template <auto Get>
    void controller(std::string_view name, Text text, const Scale& scale, Limits limits,
                    Setpoint setpoint = Setpoint::Local) {
        const auto path = std::string(name);
        analog(path + ".PV", text, scale, [](Model m) { return Get(m).process; }, limits);
        Scale exact = scale;
        exact.noise = 0;
        analog(path + ".SP", {std::string(text.english) + " setpoint", std::string(text.chinese) + "设定值"},
               exact, [](Model m) { return Get(m).setpoint; });
        // Another controller, or the plan of production, sets those that are not local.
        if (setpoint == Setpoint::Local)
            all_.back().write = [](PlantModel& m, double value) { Get(m).setpoint = value; };
        analog(path + ".OUT", {std::string(text.english) + " output", std::string(text.chinese) + "输出"},
               {"%", 0, 100, 1, 0}, [](Model m) { return Get(m).output; });
        state(path + ".Mode", {std::string(text.english) + " mode", std::string(text.chinese) + "控制方式"},
              kModes, [](Model m) { return static_cast<double>(Get(m).mode); });
    }

    [[nodiscard]] std::vector<Instrument> take() { return std::move(all_); }

private:
    Instrument instrument(std::string_view name, Text text, BuiltInType type, Read read) const {
        Instrument i;
        i.name = unit_ + '.' + std::string(name);
        i.type = type;
        i.read = read;
        i.english = text.english;
        i.chinese = text.chinese;
        return i;
    }

    std::string unit_;
    std::vector<Instrument> all_;
};

Limits limits(std::optional<double> lowLow, std::optional<double> low, std::optional<double> high,
              std::optional<double> highHigh) {
    return {lowLow, low, high, highHigh};
}

constexpr std::nullopt_t kNone = std::nullopt;

void distillation(Builder& b) {
    b.unit("Unit100");
    b.controller<[](auto& m) -> auto& { return m.distillation().feed; }>(
        "FIC-101", {"Column feed flow", "塔进料流量"}, {"m³/h", 0, 200, 1, 0.25}, limits(70, 90, 160, 180),
        Setpoint::Remote);
    b.analog("FV-101", {"Feed valve position", "进料阀开度"}, {"%", 0, 100, 1, 0.05},
             [](Model m) { return m.distillation().feedValve; });
    b.motor<[](Model m) -> auto& { return m.distillation().feedPump; }>("P-101",
                                                                        {"Column feed pump", "进料泵"}, 61);
    b.analog(
        "TI-101", {"Column C-101 top temperature", "C-101 塔顶温度"}, {"°C", 0, 150, 2, 0.03},
        [](Model m) { return m.distillation().topTemp; }, limits(60, 70, 82, 88));
    b.analog(
        "TI-104", {"Column C-101 tray 12 temperature", "C-101 第 12 层塔板温度"}, {"°C", 0, 200, 1, 0.06},
        [](Model m) { return m.distillation().trayTemp; }, limits(90, 96, 111, 118));
    b.analog(
        "PI-102", {"Column C-101 top pressure", "C-101 塔顶压力"}, {"bar", 0, 5, 2, 0.008},
        [](Model m) { return m.distillation().pressure; }, limits(2.0, 2.5, 3.5, 3.8));
    b.analog(
        "PDI-108", {"Column C-101 pressure drop", "C-101 全塔压差"}, {"mbar", 0, 200, 1, 0.4},
        [](Model m) { return m.distillation().pressureDrop; }, limits(kNone, kNone, 130, 160));
    b.controller<[](auto& m) -> auto& { return m.distillation().sumpLevel; }>(
        "LIC-101", {"Column C-101 bottoms level", "C-101 塔釜液位"}, {"%", 0, 100, 1, 0.12},
        limits(10, 20, 80, 90));
    b.analog(
        "LI-102", {"Reflux drum V-102 level", "回流罐 V-102 液位"}, {"%", 0, 100, 1, 0.12},
        [](Model m) { return m.distillation().drumLevel; }, limits(10, 20, 80, 90));
    b.controller<[](auto& m) -> auto& { return m.distillation().reflux; }>(
        "FIC-102", {"Reflux flow", "回流流量"}, {"m³/h", 0, 150, 1, 0.2}, limits(kNone, 60, 130, kNone));
    b.motor<[](Model m) -> auto& { return m.distillation().refluxPump; }>("P-102", {"Reflux pump", "回流泵"},
                                                                          36);
    b.controller<[](auto& m) -> auto& { return m.distillation().bottomTemp; }>(
        "TIC-103", {"Column C-101 bottoms temperature", "C-101 塔釜温度"}, {"°C", 0, 200, 1, 0.06},
        limits(110, 118, 136, 142));
    b.analog("FI-103", {"Distillate flow", "塔顶采出流量"}, {"m³/h", 0, 120, 1, 0.15},
             [](Model m) { return m.distillation().distillate; });
    b.analog("FI-104", {"Reboiler steam flow", "再沸器蒸汽流量"}, {"t/h", 0, 20, 2, 0.03},
             [](Model m) { return m.distillation().steam; });
    b.analog("FI-105", {"Bottoms flow", "塔底采出流量"}, {"m³/h", 0, 150, 1, 0.15},
             [](Model m) { return m.distillation().bottoms; });
    b.analog(
        "AI-107", {"Distillate purity", "塔顶产品纯度"}, {"%", 80, 100, 2, 0},
        [](Model m) { return m.distillation().analysed; }, limits(94, 96, kNone, kNone));
    b.motor<[](Model m) -> auto& { return m.distillation().bottomsPump; }>("P-103",
                                                                           {"Bottoms pump", "塔底泵"}, 31);
}

void reaction(Builder& b) {
    b.unit("Unit200");
    b.analog(
        "LI-201", {"Feed tank TK-201 level", "原料罐 TK-201 液位"}, {"%", 0, 100, 1, 0.1},
        [](Model m) { return m.reaction().tankLevel; }, limits(15, 30, 88, 95));
    b.analog("TI-201", {"Feed tank TK-201 temperature", "原料罐 TK-201 温度"}, {"°C", 0, 80, 1, 0.04},
             [](Model m) { return m.reaction().tankTemp; });
    b.digital("XV-201", {"Receipt valve", "收料阀"}, kValve,
              [](Model m) { return m.reaction().receiving ? 1.0 : 0; });
    b.analog("FI-201", {"Receipt flow", "收料流量"}, {"m³/h", 0, 350, 1, 0.4},
             [](Model m) { return m.reaction().receipt; });
    b.motor<[](Model m) -> auto& { return m.reaction().pumpA; }>("P-201A", {"Charge pump A", "原料泵 A"}, 61);
    b.motor<[](Model m) -> auto& { return m.reaction().pumpB; }>(
        "P-201B", {"Charge pump B (standby)", "原料泵 B（备用）"}, 61);
    b.controller<[](auto& m) -> auto& { return m.reaction().charge; }>(
        "FIC-202", {"Reactor charge flow", "反应器进料流量"}, {"m³/h", 0, 200, 1, 0.25},
        limits(60, 85, 160, 180), Setpoint::Remote);
    b.analog("FQ-202", {"Total charge since start", "启动以来累计进料"}, {"m³", 0, 1e6, 2, 0},
             [](Model m) { return m.reaction().charged; });
    b.analog(
        "FI-203", {"Catalyst flow", "催化剂流量"}, {"L/h", 0, 100, 1, 0.1},
        [](Model m) { return m.reaction().catalyst; }, limits(kNone, 30, 75, kNone));
    b.controller<[](auto& m) -> auto& { return m.reaction().temperature; }>(
        "TIC-203", {"Reactor R-201 temperature", "反应器 R-201 温度"}, {"°C", 0, 150, 2, 0.04},
        limits(65, 75, 90, 95));
    b.analog("TI-204", {"Reactor R-201 jacket temperature", "反应器 R-201 夹套温度"}, {"°C", 0, 120, 1, 0.06},
             [](Model m) { return m.reaction().jacketTemp; });
    b.analog(
        "PI-205", {"Reactor R-201 pressure", "反应器 R-201 压力"}, {"bar", 0, 6, 2, 0.006},
        [](Model m) { return m.reaction().pressure; }, limits(kNone, 1.5, 2.8, 3.2));
    b.controller<[](auto& m) -> auto& { return m.reaction().level; }>(
        "LIC-206", {"Reactor R-201 level", "反应器 R-201 液位"}, {"%", 0, 100, 1, 0.12},
        limits(20, 35, 80, 90));
    b.analog(
        "AI-207", {"Conversion", "转化率"}, {"%", 60, 100, 2, 0.02},
        [](Model m) { return m.reaction().conversion; }, limits(84, 88, kNone, kNone));
    b.analog(
        "LI-208", {"Intermediate drum V-208 level", "中间罐 V-208 液位"}, {"%", 0, 100, 1, 0.12},
        [](Model m) { return m.reaction().drumLevel; }, limits(10, 25, 75, 90));
    b.motor<[](Model m) -> auto& { return m.reaction().agitator; }>("M-201", {"Agitator", "搅拌器"}, 91);
    b.analog("M-201.Speed", {"Agitator speed", "搅拌器转速"}, {"rpm", 0, 200, 1, 0.12},
             [](Model m) { return m.reaction().agitatorSpeed; });
}

void utilities(Builder& b) {
    b.unit("Unit300");
    b.analog(
        "TI-301", {"Cooling water supply temperature", "冷却水供水温度"}, {"°C", 0, 60, 2, 0.02},
        [](Model m) { return m.utilities().supplyTemp; }, limits(kNone, 15, 30, 33));
    b.analog(
        "TI-302", {"Cooling water return temperature", "冷却水回水温度"}, {"°C", 0, 60, 2, 0.02},
        [](Model m) { return m.utilities().returnTemp; }, limits(kNone, kNone, 40, 45));
    b.analog(
        "FI-301", {"Cooling water flow", "冷却水流量"}, {"m³/h", 0, 1200, 0, 2},
        [](Model m) { return m.utilities().waterFlow; }, limits(500, 700, kNone, kNone));
    b.analog(
        "PI-301", {"Cooling water pressure", "冷却水压力"}, {"bar", 0, 8, 2, 0.01},
        [](Model m) { return m.utilities().waterPressure; }, limits(2.5, 3.2, kNone, kNone));
    b.state("P-301A.State", {"Cooling water pump A", "冷却水泵 A"}, kMotorStates,
            [](Model m) { return static_cast<double>(m.utilities().waterPumpA.state); });
    b.state("P-301B.State", {"Cooling water pump B (standby)", "冷却水泵 B（备用）"}, kMotorStates,
            [](Model m) { return static_cast<double>(m.utilities().waterPumpB.state); });
    b.state("CT-301.FanA", {"Cooling tower fan A", "冷却塔风机 A"}, kMotorStates,
            [](Model m) { return static_cast<double>(m.utilities().fanA.state); });
    b.state("CT-301.FanB", {"Cooling tower fan B", "冷却塔风机 B"}, kMotorStates,
            [](Model m) { return static_cast<double>(m.utilities().fanB.state); });
    b.controller<[](auto& m) -> auto& { return m.utilities().steamPressure; }>(
        "PIC-303", {"Steam header pressure", "蒸汽总管压力"}, {"bar", 0, 16, 2, 0.012},
        limits(8.5, 9.5, 11, 12));
    b.analog("FI-304", {"Boiler B-301 steam flow", "锅炉 B-301 蒸汽流量"}, {"t/h", 0, 40, 2, 0.04},
             [](Model m) { return m.utilities().steamProduced; });
    b.analog(
        "LI-305", {"Boiler B-301 drum level", "锅炉 B-301 汽包液位"}, {"%", 0, 100, 1, 0.25},
        [](Model m) { return m.utilities().drumLevel; }, limits(20, 35, 65, 80));
    b.analog("TI-306", {"Steam temperature", "蒸汽温度"}, {"°C", 0, 300, 1, 0.08},
             [](Model m) { return m.utilities().steamTemp; });
    b.analog("FI-307", {"Fuel gas flow", "燃料气流量"}, {"m³/h", 0, 3000, 0, 3},
             [](Model m) { return m.utilities().fuelGas; });
    b.state("K-301.State", {"Air compressor", "空气压缩机"}, kCompressor,
            [](Model m) { return static_cast<double>(m.utilities().compressorState); });
    b.analog("K-301.Hours", {"Air compressor running hours", "空气压缩机运行小时"}, {"h", 0, 100'000, 2, 0},
             [](Model m) { return m.utilities().compressorHours; });
    b.analog(
        "PI-308", {"Instrument air pressure", "仪表风压力"}, {"bar", 0, 10, 2, 0.006},
        [](Model m) { return m.utilities().airPressure; }, limits(5.0, 5.8, 7.6, kNone));
    b.analog("JI-310", {"Electric power", "总电功率"}, {"kW", 0, 600, 1, 0.4},
             [](Model m) { return m.utilities().power; });
    b.analog("EQ-310", {"Electric energy since start", "启动以来用电量"}, {"kWh", 0, 1e6, 2, 0},
             [](Model m) { return m.utilities().energy; });
    b.analog(
        "SI-311", {"Mains frequency", "电网频率"}, {"Hz", 45, 55, 2, 0.004},
        [](Model m) { return m.utilities().frequency; }, limits(49.0, 49.5, 50.5, 51.0));
    b.analog("TI-320", {"Outdoor temperature", "环境温度"}, {"°C", -30, 50, 1, 0.05},
             [](Model m) { return m.utilities().ambient; });
}

}  // namespace

std::vector<Instrument> plantInstruments() {
    Builder builder;
    distillation(builder);
    reaction(builder);
    utilities(builder);
    return builder.take();
}

}  // namespace tagwire::source::simulator
