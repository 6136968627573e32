// Make one small style sheet, of the file that is named: follow the imports, drop what no page uses, minify.
// Called by ontmoet/web/build.py; the result goes to standard output.
import { fileURLToPath } from "node:url";
import { bundle, transform } from "lightningcss";
import { PurgeCSS } from "purgecss";

const root = fileURLToPath(new URL("..", import.meta.url));
const filename = `${root}static/css/${process.argv[2]}`;
// Phones of about five years old; older ones get the same page with fewer niceties.
const version = (major, minor = 0) => (major << 16) | (minor << 8);
const targets = { chrome: version(100), firefox: version(100), safari: version(15, 4), ios_saf: version(15, 4) };

async function withoutUnused(css) {
  const [kept] = await new PurgeCSS().purge({
    content: ["templates/**/*.html", "ontmoet/**/*.py", "static/js/*.js"].map((path) => root + path),
    css: [{ raw: css }],
    variables: true,
    // Put together from a number or a name while a page is made.
    safelist: [/^om-(at|for|rows|lane|door)-/, /^om-(slotbar__|slot--|swatch--|month__day--|choices--)/, /^(htmx-|utrecht-alert--)/],
  });
  return kept.css;
}

// The components ask for hundreds of variables that we leave alone. `var(--theirs, other)` is then just
// `other`, and a variable that only hands on such a one is left out. That may free the next: until it stops.
function withoutUnset(css) {
  const set = new Set(css.match(/--[\w-]+(?=\s*:)/g));
  // Without the empty places lightningcss gives but does not take back.
  const clean = (value) => JSON.parse(JSON.stringify(value, (_, part) => part ?? undefined));
  const visitor = {
    Declaration: {
      custom: ({ name, value: [only, ...more] }) =>
        name.startsWith("--_") && !more.length && only?.type === "var" && !only.value.fallback && !set.has(only.value.name.ident)
          ? []
          : undefined,
    },
    Variable: ({ name, fallback }) => (fallback && !set.has(name.ident) ? clean(fallback) : undefined),
  };
  const less = transform({ filename, code: Buffer.from(css), visitor }).code.toString();
  return less === css ? css : withoutUnset(less);
}

const whole = bundle({ filename }).code.toString();
// A sheet that comes on top of the first uses variables that are set there.
const isFirst = whole.includes(":root");
const used = await withoutUnused(isFirst ? withoutUnset(await withoutUnused(whole)) : whole);
process.stdout.write(transform({ filename, code: Buffer.from(used), minify: true, targets }).code);
