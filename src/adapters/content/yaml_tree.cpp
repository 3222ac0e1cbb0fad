#include "yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <sstream>

namespace motcua::content {
namespace {

std::size_t line_of(const YAML::Mark& mark)
{
    return mark.line < 0 ? 1 : static_cast<std::size_t>(mark.line) + 1;
}

// Leaves the parser from inside a callback.
struct refused
{
    yaml_fault fault;
};

class tree_builder final : public YAML::EventHandler
{
public:
    void OnDocumentStart(const YAML::Mark& mark) override
    {
        if (documents_++ > 0)
            throw refused{{line_of(mark), "a second YAML document begins; keep one per file"}};
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override
    {
        leaf(yaml_value::kind::null, mark, {});
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override
    {
        throw refused{{line_of(mark), "YAML aliases (*name) are not allowed; write the text out"}};
    }
    void OnScalar(
        const YAML::Mark& mark,
        const std::string& /*tag*/,
        YAML::anchor_t /*anchor*/,
        const std::string& value) override
    {
        leaf(yaml_value::kind::scalar, mark, value);
    }
    void OnSequenceStart(
        const YAML::Mark& mark,
        const std::string& /*tag*/,
        YAML::anchor_t /*anchor*/,
        YAML::EmitterStyle::value /*style*/) override
    {
        open(yaml_value::kind::sequence, mark);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(
        const YAML::Mark& mark,
        const std::string& /*tag*/,
        YAML::anchor_t /*anchor*/,
        YAML::EmitterStyle::value /*style*/) override
    {
        open(yaml_value::kind::map, mark);
    }
    void OnMapEnd() override { close(); }

    yaml_value root() && { return std::move(root_); }

private:
    struct frame
    {
        yaml_value value;
        std::optional<yaml_entry> pending; // of a map: the key whose value comes next
    };

    void count(const YAML::Mark& mark)
    {
        if (++values_ > yaml_value_limit)
            throw refused{{line_of(mark), "too many values in one file; split it"}};
    }

    void leaf(yaml_value::kind kind, const YAML::Mark& mark, const std::string& text)
    {
        count(mark);
        yaml_value value;
        value.is = kind;
        value.line = line_of(mark);
        value.scalar = text;
        attach(std::move(value));
    }

    void open(yaml_value::kind kind, const YAML::Mark& mark)
    {
        count(mark);
        if (stack_.size() >= yaml_depth_limit)
            throw refused{{line_of(mark), "nested too deeply"}};
        frame opened;
        opened.value.is = kind;
        opened.value.line = line_of(mark);
        stack_.push_back(std::move(opened));
    }

    void close()
    {
        yaml_value done = std::move(stack_.back().value);
        stack_.pop_back();
        attach(std::move(done));
    }

    void attach(yaml_value value)
    {
        if (stack_.empty()) {
            root_ = std::move(value);
            return;
        }
        frame& top = stack_.back();
        if (top.value.is == yaml_value::kind::sequence) {
            top.value.items.push_back(std::move(value));
        } else if (!top.pending) {
            if (value.is != yaml_value::kind::scalar)
                throw refused{{value.line, "a key must be plain text"}};
            top.pending = yaml_entry{std::move(value.scalar), value.line, {}};
        } else {
            top.pending->value = std::move(value);
            top.value.entries.push_back(*std::exchange(top.pending, std::nullopt));
        }
    }

    yaml_value root_;
    std::vector<frame> stack_;
    std::size_t values_ = 0;
    std::size_t documents_ = 0;
};

} // namespace

std::variant<yaml_value, yaml_fault> parse_yaml(const std::string& bytes)
{
    // yaml-cpp takes U+0004 for the end of the file and would drop the rest silently.
    const auto control = std::find_if(bytes.begin(), bytes.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 && c != '\t' && c != '\n' && c != '\r';
    });
    if (control != bytes.end()) {
        const auto lines_before = std::count(bytes.begin(), control, '\n');
        return yaml_fault{
            static_cast<std::size_t>(lines_before) + 1, "control character in the file"};
    }
    try {
        std::istringstream stream(bytes);
        YAML::Parser parser(stream);
        tree_builder builder;
        while (parser.HandleNextDocument(builder)) {
        }
        return std::move(builder).root();
    } catch (const refused& refusal) {
        return refusal.fault;
    } catch (const YAML::Exception& error) {
        return yaml_fault{
            line_of(error.mark),
            "invalid YAML: " + error.msg +
                " (a text with a colon, or one that begins with a sign, needs quotes)"};
    } catch (const std::exception& error) {
        return yaml_fault{1, std::string("invalid YAML: ") + error.what()};
    }
}

} // namespace motcua::content
