// Firefox in its other languages: every string of the table, and pastes of other versions than its.

import assert from "node:assert/strict";
import { test } from "node:test";
import { firefoxLocales } from "./firefox-locales.ts";
import { decodeMessage, decodeMessages } from "./messages.ts";
import type { MessageReason } from "./wording.ts";

const url = "https://a.example/x?q=1";

/** By the letters of the table. */
const expected: readonly { readonly reason: MessageReason; readonly value?: string }[] = [
  { reason: "network-error" },
  { reason: "network-error", value: "(null)" },
  { reason: "network-error" },
  { reason: "preflight-redirect" },
  { reason: "scheme-not-cors" },
  { reason: "acao-missing", value: "404" },
  { reason: "acao-multiple" },
  { reason: "acao-mismatch", value: "https://other.example" },
  { reason: "acao-wildcard-credentials" },
  { reason: "method-not-allowed" },
  { reason: "acac-not-true" },
  { reason: "preflight-status", value: "502" },
  { reason: "acam-unparsable", value: "a b" },
  { reason: "acah-unparsable", value: "x y" },
  { reason: "header-not-allowed", value: "x-auth-token" },
  { reason: "header-not-allowed" },
];

interface Row {
  readonly locale: string;
  readonly letter: number;
  readonly message: string;
}

function rows(): Row[] {
  const found: Row[] = [];
  for (const line of firefoxLocales) {
    const [locale, ...fields] = line.split("\t");
    let before = "";
    let between = "";
    for (const field of fields) {
      if (field.startsWith("<")) before = field.slice(1);
      else if (field.startsWith(">")) between = field.slice(1);
      else {
        const letter = field.charCodeAt(0) - 65;
        const after = `${between}${field.slice(1)}`.replace(
          "%2$S",
          expected[letter]!.value ?? "404",
        );
        found.push({ locale: locale!, letter, message: `${before}${url}${after}` });
      }
    }
  }
  return found;
}

test("every message in every language is decoded to its reason, URL, value and status", () => {
  const wrong: string[] = [];
  const all = rows();
  assert.ok(all.length > 900, `${all.length}`);
  for (const { locale, letter, message } of all) {
    const { reason, value } = expected[letter]!;
    const decoded = decodeMessage(message);
    const { facts } = decoded ?? {};
    const told = [facts?.value, facts?.offending, facts?.name, String(facts?.status)];
    const isRight =
      decoded?.engine === "firefox" &&
      decoded.reason === reason &&
      facts?.url === url &&
      (value === undefined || value === "(null)" || told.includes(value)) &&
      (decoded.passes === true) === (letter === 15);
    if (!isRight)
      wrong.push(`${locale} ${letter}: ${decoded?.reason} ${facts?.url} ${told.join()} ${message}`);
  }
  // Strings of one language that say the same of two rules, or lost their placeholder.
  assert.ok(wrong.length <= 12, `${wrong.length}\n${wrong.join("\n")}`);
});

test("several messages in one language are each decoded, even wrapped or with different quotes", () => {
  const all = rows().filter(({ locale }) => locale === "ja");
  const [first, second] = [all[5]!, all[11]!].map(({ message }) => message);
  const text = `${first!.replaceAll("‘", "'").replaceAll("’", "'")}\n${second!.replace(url, "https://b.example/")}`;
  assert.deepEqual(
    decodeMessages(text).map(({ reason, facts }) => [reason, facts.url, facts.status]),
    [
      ["acao-missing", url, 404],
      ["preflight-status", "https://b.example/", 502],
    ],
  );
});

/** As older versions wrote it, or as people copied it. */
const pastes: readonly [text: string, reason: MessageReason, status?: number][] = [
  [
    "Quellübergreifende (Cross-Origin) Anfrage blockiert: Die Gleiche-Quelle-Regel verbietet das Lesen der externen Ressource auf https://a.example/x?q=1. (Grund: CORS-Preflight-Kanal war nicht erfolgreich).",
    "preflight-status",
  ],
  [
    "Quellübergreifende (Cross-Origin) Anfrage blockiert: Die Gleiche-Quelle-Regel verbietet das Lesen der externen Ressource auf https://a.example/x?q=1. (Grund: CORS-Kopfzeile 'Access-Control-Allow-Origin' fehlt).",
    "acao-missing",
  ],
  [
    "已拦截跨源请求：同源策略禁止读取位于 https://a.example/x?q=1 的远程资源。（原因：CORS 预检通道未成功）。",
    "preflight-status",
  ],
  [
    "已拦截跨源请求：同源策略禁止读取位于 https://a.example/x?q=1 的远程资源。（原因：CORS 头缺少 'Access-Control-Allow-Origin'）。状态码：200。",
    "acao-missing",
    200,
  ],
  [
    "已拦截跨源请求：同源策略禁止读取位于 https://a.example/x?q=1 的远程资源。（原因：来自 CORS 预检通道的 CORS 头 'Access-Control-Allow-Headers' 的令牌 'x-token' 无效）。",
    "header-not-allowed",
  ],
  [
    "Blocage d’une requête multiorigines (Cross-Origin Request) : la politique « Same Origin » ne permet pas de consulter la ressource distante située sur https://a.example/x?q=1. Raison : l’en-tête CORS « Access-Control-Allow-Origin » est manquant. Code d’état : 500.",
    "acao-missing",
    500,
  ],
  [
    "Blocage d’une requête multiorigines (Cross-Origin Request) : la politique « Same Origin » ne permet pas de consulter la ressource distante située sur https://a.example/x?q=1. Raison : échec de la requête CORS.",
    "network-error",
  ],
  [
    "Solicitud desde otro origen bloqueada: la política de mismo origen impide leer el recurso remoto en https://a.example/x?q=1 (razón: falta la cabecera CORS 'Access-Control-Allow-Origin').",
    "acao-missing",
  ],
  [
    "クロスオリジン要求をブロックしました: 同一生成元ポリシーにより、https://a.example/x?q=1 にあるリモートリソースの読み込みは拒否されます (理由: CORS ヘッダー 'Access-Control-Allow-Origin' が足りない)。",
    "acao-missing",
  ],
  [
    "교차 원본 요청 차단: 동일 출처 정책으로 인해 https://a.example/x?q=1에 있는 원격 자원을 읽을 수 없습니다. (원인: 'Access-Control-Allow-Origin' CORS 헤더가 없음).",
    "acao-missing",
  ],
  [
    "Запрос из постороннего источника заблокирован: Политика одного источника запрещает чтение удаленного ресурса на https://a.example/x?q=1. (Причина: отсутствует заголовок CORS «Access-Control-Allow-Origin»). Код состояния: 403.",
    "acao-missing",
    403,
  ],
  [
    "Requisição cross-origin bloqueada: A diretiva Same Origin (mesma origem) não permite a leitura do recurso remoto em https://a.example/x?q=1 (motivo: falha na requisição CORS).",
    "network-error",
  ],
  [
    "Zablokowano żądanie do zasobu innego pochodzenia: zasady „Same Origin Policy” nie pozwalają wczytywać zdalnych zasobów z „https://a.example/x?q=1” (nieudane żądanie CORS).",
    "network-error",
  ],
  [
    "Bloccata richiesta multiorigine (cross-origin): il criterio di corrispondenza dell’origine non consente la lettura della risorsa remota da https://a.example/x?q=1. Motivo: richiesta CORS non riuscita.",
    "network-error",
  ],
  [
    "已封鎖跨來源請求: 同源政策不允許讀取 https://a.example/x?q=1 的遠端資源。（原因: 缺少 CORS 'Access-Control-Allow-Origin' 檔頭）。",
    "acao-missing",
  ],
];

test("messages of other Firefox versions are decoded by the header they name and by similar wording", () => {
  for (const [text, reason, status] of pastes) {
    const decoded = decodeMessage(text);
    assert.equal(decoded?.reason, reason, text);
    assert.equal(decoded.facts.url, url, text);
    if (status !== undefined) assert.equal(decoded.facts.status, status, text);
  }
});
