// Turns the snippet functions of @huggingface/tasks (MIT) into data: node .ci/snippets.mjs FOLDER_OF_THE_PACKAGE
//
// Each function is asked again and again with a model whose every property is a question; the answers it sees make a
// tree of questions whose leaves are the texts it returned. The hub walks that tree with what it knows of a model.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2]);
const tasks = await import(pathToFileURL(`${folder}/dist/esm/index.js`));
const { version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf-8"));

const TASKS = Object.keys(tasks.PIPELINE_DATA);
const OPTIONS = {
  pipeline_tag: [undefined, ...TASKS],
  "transformersInfo.auto_model": [undefined, "AUTO_MODEL"],
  "transformersInfo.processor": [undefined, "AutoTokenizer", "AutoFeatureExtractor", "AUTO_PROCESSOR"],
  "config.architectures": [undefined, "ARCHITECTURE"],
  "config.adapter_transformers.model_name": [undefined, "ADAPTED/MODEL"],
  "config.chat_template_jinja": [undefined, "TEMPLATE"],
  "config.keras_hub.tasks": [undefined, "CausalLM", "TextToImage", "TextClassifier", "ImageClassifier", "KERAS_TASK"],
  "config.peft.base_model_name_or_path": [undefined, "PEFT_BASE/MODEL"],
  "config.peft.task_type": [undefined, "CAUSAL_LM", "SEQ_2_SEQ_LM", "TOKEN_CLS", "SEQ_CLS"],
  "config.quantization_config.quant_method": [undefined, "awq", "gptq", "aqlm", "marlin"],
  "config.sklearn.model.file": [undefined, "SKLEARN_FILE"],
  "config.sklearn.model_format": [undefined, "pickle", "SKLEARN_FORMAT"],
  "config.speechbrain.speechbrain_interface": [
    undefined, "EncoderClassifier", "EncoderDecoderASR", "EncoderASR", "SepformerSeparation", "SpectralMaskEnhancement",
  ],
  "cardData.base_model": [undefined, "BASE_OWNER/BASE_NAME"],
  "cardData.instance_prompt": [undefined, "INSTANCE_PROMPT"],
  "gguf.context_length": [undefined, 4096],
  mask_token: [undefined, "MASK_TOKEN"],
};
const LISTS = new Set(["config.architectures", "config.keras_hub.tasks"]);
// Programs that honour HF_ENDPOINT.
const APPS = ["llama.cpp", "vllm", "sglang", "mlx-lm"];
const MOST_RUNS = 20000;

const texts = new Map();
const leaf = (codes, task) => {
  const plain = JSON.stringify(codes);
  const key = task ? plain.replaceAll(`\\"${task}\\"`, '\\"PIPELINE_TAG\\"').replaceAll(`'${task}'`, "'PIPELINE_TAG'") : plain;
  if (!texts.has(key)) texts.set(key, texts.size);
  return texts.get(key);
};

// A model that answers from `given` and notes the first question to which there is no answer yet.
class Unanswered extends Error {}

function model(library, given) {
  const ask = (question, options) => {
    if (given.has(question)) return given.get(question);
    throw Object.assign(new Unanswered(question), { question, options });
  };
  const part = (path) =>
    new Proxy({}, {
      get: (_target, key) => {
        if (typeof key === "symbol") return undefined;
        const at = path ? `${path}.${key}` : key;
        if (OPTIONS[at]) {
          const answer = ask(at, OPTIONS[at]);
          return LISTS.has(at) && answer !== undefined ? [answer] : answer;
        }
        const isFolder = Object.keys(OPTIONS).some((name) => name.startsWith(`${at}.`));
        return isFolder ? part(at) : undefined;
      },
    });
  const own = part("");
  return new Proxy({}, {
    get: (_target, key) => {
      if (key === "id") return "REPO_OWNER/REPO_NAME";
      if (key === "library_name") return library;
      if (key === "tags") return { includes: (tag) => ask(`tags.${tag}`, [undefined, "yes"]) === "yes", find: () => undefined, some: () => false };
      if (key === "transformersInfo") {
        return ask("transformersInfo.auto_model", OPTIONS["transformersInfo.auto_model"]) && {
          auto_model: "AUTO_MODEL",
          get processor() { return ask("transformersInfo.processor", OPTIONS["transformersInfo.processor"]); },
        };
      }
      return own[key];
    },
  });
}

let runs = 0;
function explore(library, make, given = new Map()) {
  if (++runs > MOST_RUNS) throw new Error(`${library} asks too much`);
  let question, options;
  try {
    return leaf(make(model(library, given)), given.get("pipeline_tag"));
  } catch (error) {
    if (!(error instanceof Unanswered)) return leaf([]);
    ({ question, options } = error);
  }
  const of = {};
  for (const option of options) {
    const key = option === undefined ? "" : option === option?.toString().toUpperCase() && !question.startsWith("config.peft.task") ? "*" : String(option);
    of[key] = explore(library, make, new Map(given).set(question, option));
  }
  return folded(question, of);
}

// What most answers lead to stands once, under "else".
function folded(question, of) {
  const counts = new Map();
  for (const node of Object.values(of)) counts.set(JSON.stringify(node), (counts.get(JSON.stringify(node)) ?? 0) + 1);
  const [common] = [...counts].sort((one, other) => other[1] - one[1])[0];
  const rest = Object.entries(of).filter(([, node]) => JSON.stringify(node) !== common);
  return rest.length ? { ask: question, of: Object.fromEntries(rest), else: JSON.parse(common) } : JSON.parse(common);
}

// Programs that fetch from one fixed host cannot be pointed at another hub: their texts are left out.
const FIXED_HOST = /\bhf\.co\/|\bdocker\b/;
const flat = (made) => [made ?? []].flat().flatMap(pieces).filter((one) => !FIXED_HOST.test(one.code));
const pieces = (one) => (typeof one === "string" ? [{ code: one }] : [{ title: one.title, code: [one.setup ?? [], one.content].flat().join("\n\n") }]);
const libraries = {};
for (const [id, ui] of Object.entries(tasks.MODEL_LIBRARIES_UI_ELEMENTS)) {
  runs = 0;
  libraries[id] = { label: ui.prettyLabel, docs: ui.docsUrl, tree: ui.snippets ? explore(id, (one) => flat(ui.snippets(one))) : leaf([]) };
}
const apps = {};
for (const id of APPS) {
  runs = 0;
  const app = tasks.LOCAL_APPS[id];
  apps[id] = { label: app.prettyLabel, docs: app.docsUrl, tree: explore("", (one) => (app.displayOnModelPage(one) ? flat(app.snippet(one)) : [])) };
}
const datasets = Object.fromEntries(
  Object.entries(tasks.DATASET_LIBRARIES_UI_ELEMENTS).map(([id, ui]) => [id, { label: ui.prettyLabel, docs: ui.docsUrl }]),
);
// One line a library and a text, so that a new version of the package can be read as a difference.
const lines = (name, entries) => `"${name}": {\n${entries.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(",\n")}\n}`;
const head = `"source": "@huggingface/tasks ${version}",\n"licence": "MIT, Copyright (c) 2023 Hugging Face"`;
const parts = [head, lines("libraries", Object.entries(libraries)), lines("apps", Object.entries(apps)), lines("datasets", Object.entries(datasets))];
process.stdout.write(`{\n${parts.join(",\n")},\n"texts": [\n${[...texts.keys()].join(",\n")}\n]\n}\n`);
