// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_interpreter.h"

#include <algorithm>
#include <memory>

#include "model/jinja_evaluator.h"
#include "model/jinja_loop.h"
#include "model/jinja_print.h"
#include "model/jinja_scope.h"
#include "model/jinja_text.h"

namespace nelumbo {
namespace {

using Kind = JinjaStatement::Kind;
using Scope = std::shared_ptr<JinjaScope>;

/// What a statement wants of the loop around it.
enum class Flow { kNext, kBreak, kContinue };

constexpr int64_t kStepsOfMacro = 100;  // its scope is kept until the end
constexpr int64_t kStepsOfPass = 4;     // of a loop

Scope inside(const Scope& scope) {
  return std::make_shared<JinjaScope>(JinjaScope{scope, {}});
}

class Interpreter {
 public:
  explicit Interpreter(JinjaRun& run) : run_(run), evaluator_(run), output_(run), out_(&output_) {}
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;
  /// A scope holds its macros and a macro its scope: here that knot is cut.
  ~Interpreter() {
    for (const Scope& scope : captured_)
      scope->variables.clear();
  }

  std::string render(const JinjaBody& body, const Scope& scope) {
    perform_all(body, scope);
    return run_.failed() ? std::string() : output_.take();
  }

 private:
  Flow perform_all(const JinjaBody& body, const Scope& scope) {
    for (const JinjaStatement& statement : body) {
      const Flow flow = run_.failed() ? Flow::kBreak : perform(statement, scope);
      if (flow != Flow::kNext)
        return flow;
    }
    return Flow::kNext;
  }

  Flow perform(const JinjaStatement& statement, const Scope& scope) {
    run_.at(statement.place);
    const Flow flow = evaluator_.enter() ? performed(statement, scope) : Flow::kBreak;
    evaluator_.leave();
    return run_.failed() ? Flow::kBreak : flow;
  }

  Flow performed(const JinjaStatement& statement, const Scope& scope) {
    switch (statement.kind) {
      case Kind::kText:
        print(statement.text);
        return Flow::kNext;
      case Kind::kPrint: {
        const JinjaValue value = evaluator_.value(*statement.value, *scope);
        run_.at(statement.place);
        if (!run_.failed())
          print(jinja_str(run_, value).text());
        return Flow::kNext;
      }
      case Kind::kIf:
        return perform_if(statement, scope);
      case Kind::kFor:
        return perform_for(statement, scope, evaluator_.value(*statement.value, *scope), 0);
      case Kind::kSet:
        assign(*statement.target, evaluator_.value(*statement.value, *scope), scope);
        return Flow::kNext;
      case Kind::kSetBlock:
      case Kind::kFilterBlock:
        return perform_captured(statement, scope);
      case Kind::kMacro:
        define(statement, scope);
        return Flow::kNext;
      case Kind::kCallBlock:
        print(called(statement, scope).text());
        return Flow::kNext;
      case Kind::kWith:
        return perform_with(statement, scope);
      case Kind::kGeneration:
        return perform_all(statement.bodies[0], inside(scope));
      case Kind::kBreak:
        return Flow::kBreak;
      case Kind::kContinue:
        return Flow::kContinue;
    }
    return Flow::kNext;
  }

  void print(std::string_view text) {
    if (!out_->add(text) || out_ != &output_)
      return;
    printed_ += std::ssize(text);
    if (printed_ > run_.limits().output_bytes)
      run_.fail("the template prints more than " + std::to_string(run_.limits().output_bytes) +
                " bytes");
  }

  /// What `perform` prints, instead of printing it.
  template <class Perform>
  std::string captured(Perform perform) {
    JinjaWriter writer(run_);
    JinjaWriter* const outer = std::exchange(out_, &writer);
    perform();
    out_ = outer;
    return run_.failed() ? std::string() : writer.take();
  }

  Flow perform_if(const JinjaStatement& statement, const Scope& scope) {
    for (size_t i = 0; i < statement.conditions.size(); ++i) {
      const bool holds = evaluator_.value(*statement.conditions[i], *scope).truth();
      if (run_.failed())
        return Flow::kBreak;
      if (holds)
        return perform_all(statement.bodies[i], scope);
    }
    return statement.bodies.size() > statement.conditions.size()
               ? perform_all(statement.bodies.back(), scope)
               : Flow::kNext;
  }

  /// The elements that pass the condition of the loop, one at each call.
  std::function<bool(JinjaValue&)> puller(const JinjaStatement& statement, const Scope& scope,
                                          JinjaItems items) {
    auto held = std::make_shared<const JinjaItems>(std::move(items));
    return [this, &statement, scope, held, next = size_t{0}](JinjaValue& value) mutable {
      while (next < held->size() && !run_.failed()) {
        value = (*held)[next++];
        if (statement.test == nullptr)
          return true;
        const Scope asked = inside(scope);
        assign(*statement.target, value, asked);
        if (evaluator_.value(*statement.test, *asked).truth())
          return !run_.failed();
      }
      return false;
    };
  }

  Flow perform_for(const JinjaStatement& statement, const Scope& scope, const JinjaValue& iterable,
                   int64_t depth) {
    const auto loop = std::make_shared<JinjaLoop>();
    loop->pull = puller(statement, scope, run_.items(iterable));
    loop->depth0 = depth;
    if (statement.recursive)
      loop->recurse = [this, &statement, scope, depth](JinjaRun& run, JinjaArguments& given) {
        if (given.positional.size() != 1 || !given.named.empty())
          return run.fail("a recursive loop takes one iterable");
        return run.text(
            captured([&] { perform_for(statement, scope, given.positional[0], depth + 1); }));
      };
    bool completed = false;
    while (run_.spend(kStepsOfPass) && jinja_loop_advance(*loop)) {
      const Scope pass = inside(scope);
      assign(*statement.target, loop->current, pass);
      pass->set("loop", JinjaValue(JinjaValue::State(loop)));
      const Flow flow = perform_all(statement.bodies[0], pass);
      if (flow == Flow::kBreak)
        break;
      // Jinja notes that there was an element at the end of a pass, which `continue` skips.
      completed = completed || flow == Flow::kNext;
    }
    jinja_loop_leave(*loop);
    if (!completed && statement.bodies.size() > 1)
      return perform_all(statement.bodies[1], inside(scope));
    return Flow::kNext;
  }

  void assign(const JinjaExpression& target, const JinjaValue& value, const Scope& scope) {
    if (!run_.spend(1 + std::ssize(scope->variables) / kNamesOfAStep))
      return;
    run_.at(target.place);
    if (target.kind == JinjaExpression::Kind::kName)
      scope->set(target.name, value);
    else if (target.kind == JinjaExpression::Kind::kAttribute)
      assign_attribute(target, value, scope);
    else
      unpack(target, value, scope);
  }

  void unpack(const JinjaExpression& target, const JinjaValue& value, const Scope& scope) {
    const JinjaItems items = run_.items(value);
    const size_t wanted = target.parts.size();
    if (items.size() < wanted)
      run_.fail("not enough values to unpack (expected " + std::to_string(wanted) + ", got " +
                std::to_string(items.size()) + ")");
    if (items.size() > wanted)
      run_.fail("too many values to unpack (expected " + std::to_string(wanted) + ")");
    for (size_t i = 0; i < wanted && !run_.failed(); ++i)
      assign(*target.parts[i], items[i], scope);
  }

  void assign_attribute(const JinjaExpression& target, const JinjaValue& value,
                        const Scope& scope) {
    int64_t looked_at = 0;
    const JinjaValue* found = scope->find(target.parts[0]->name, looked_at);
    const auto* space = found != nullptr ? found->as<JinjaValue::Namespace>() : nullptr;
    if (space == nullptr) {
      run_.fail("cannot assign attribute on non-namespace object");
      return;
    }
    if (target.name.starts_with('_')) {
      run_.fail("a namespace takes no attribute with an underscore in front: " +
                quoted_briefly(target.name));
      return;
    }
    auto& attributes = (*space)->attributes;
    run_.spend((looked_at + std::ssize(attributes)) / kNamesOfAStep);
    const auto known = std::find_if(attributes.begin(), attributes.end(),
                                    [&](const auto& each) { return each.first == target.name; });
    if (known != attributes.end())
      known->second = value;
    else
      attributes.emplace_back(target.name, value);
  }

  /// {% set %} and {% filter %} with a body.
  Flow perform_captured(const JinjaStatement& statement, const Scope& scope) {
    Flow flow = Flow::kNext;
    const Scope block = inside(scope);
    JinjaValue text = run_.text(captured([&] { flow = perform_all(statement.bodies[0], block); }));
    if (flow != Flow::kNext || run_.failed())
      return flow;
    if (statement.value != nullptr)
      text = evaluator_.filtered(*statement.value, text, *scope);
    if (statement.kind == Kind::kFilterBlock)
      print(jinja_str(run_, text).text());
    else
      assign(*statement.target, text, scope);
    return Flow::kNext;
  }

  Flow perform_with(const JinjaStatement& statement, const Scope& scope) {
    const Scope block = inside(scope);
    for (const JinjaParameter& variable : statement.parameters)
      if (!run_.failed())
        block->set(variable.name, evaluator_.value(*variable.otherwise, *scope));
    return perform_all(statement.bodies[0], block);
  }

  JinjaValue macro_value(const JinjaStatement& statement, const std::string& name,
                         const Scope& scope) {
    return run_.function({name,
                          [this, &statement, name, scope](JinjaRun&, JinjaArguments& given) {
                            return call_macro(statement, name, scope, given);
                          },
                          1});
  }

  void define(const JinjaStatement& statement, const Scope& scope) {
    if (!run_.spend(kStepsOfMacro))
      return;
    captured_.push_back(scope);
    scope->set(statement.text, macro_value(statement, statement.text, scope));
  }

  /// A text always, the empty one where the run fails.
  JinjaValue called(const JinjaStatement& statement, const Scope& scope) {
    const JinjaValue callee = evaluator_.value(*statement.value->parts[0], *scope);
    if (run_.failed())
      return jinja_str(run_, {});
    JinjaArguments given = evaluator_.arguments(*statement.value, *scope);
    given.named.emplace_back("caller", macro_value(statement, "caller", scope));
    run_.at(statement.place);
    const JinjaValue printed = evaluator_.call(callee, given);
    return jinja_str(run_, printed);
  }

  JinjaValue call_macro(const JinjaStatement& macro, const std::string& name, const Scope& defined,
                        JinjaArguments& given) {
    const JinjaPlace place = run_.place();
    const Scope scope = inside(defined);
    std::string text;
    if (evaluator_.enter() && bind(macro, name, scope, given))
      text = captured([&] { perform_all(macro.bodies[0], scope); });
    evaluator_.leave();
    run_.at(place);
    return run_.text(std::move(text));
  }

  bool bind(const JinjaStatement& macro, const std::string& name, const Scope& scope,
            JinjaArguments& given) {
    const JinjaPlace place = run_.place();
    const std::string called = "macro '" + name + "' ";
    if (given.positional.size() > macro.parameters.size())
      run_.fail(called + "takes not more than " + std::to_string(macro.parameters.size()) +
                " argument(s)");
    for (size_t i = 0; i < macro.parameters.size() && !run_.failed(); ++i) {
      const JinjaParameter& parameter = macro.parameters[i];
      const auto named =
          std::find_if(given.named.begin(), given.named.end(),
                       [&](const auto& each) { return each.first == parameter.name; });
      if (i < given.positional.size()) {
        scope->set(parameter.name, given.positional[i]);
      } else if (named != given.named.end()) {
        scope->set(parameter.name, std::move(named->second));
        given.named.erase(named);
      } else if (parameter.otherwise != nullptr) {
        scope->set(parameter.name, evaluator_.value(*parameter.otherwise, *scope));
      } else {
        scope->set(parameter.name,
                   JinjaValue::undefined("parameter " + quoted_briefly(parameter.name) +
                                         " was not provided"));
      }
    }
    if (macro.takes_caller && !run_.failed())
      bind_caller(macro, scope, given);
    run_.at(place);
    if (!given.named.empty())
      run_.fail(called + "takes no keyword argument " + quoted_briefly(given.named[0].first));
    return !run_.failed();
  }

  static void bind_caller(const JinjaStatement& macro, const Scope& scope, JinjaArguments& given) {
    if (std::any_of(macro.parameters.begin(), macro.parameters.end(),
                    [](const JinjaParameter& each) { return each.name == "caller"; }))
      return;
    const auto caller = std::find_if(given.named.begin(), given.named.end(),
                                     [](const auto& each) { return each.first == "caller"; });
    if (caller == given.named.end()) {
      scope->set("caller", JinjaValue::undefined("No caller defined"));
      return;
    }
    scope->set("caller", std::move(caller->second));
    given.named.erase(caller);
  }

  JinjaRun& run_;
  JinjaEvaluator evaluator_;
  JinjaWriter output_;
  JinjaWriter* out_;
  int64_t printed_ = 0;
  std::vector<Scope> captured_;  ///< scopes that macros hold
};

}  // namespace

std::string interpret_jinja(JinjaRun& run, const JinjaBody& body,
                            std::vector<std::pair<std::string, JinjaValue>> variables) {
  const auto scope = std::make_shared<JinjaScope>();
  scope->variables = std::move(variables);
  return Interpreter(run).render(body, scope);
}

}  // namespace nelumbo
