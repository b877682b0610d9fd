import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Caller, call, newBoard, newCaller, tokenFor, untilSettled, upload } from "./api.ts";
import { drawPicture } from "./pictures.ts";

const executablePath = process.env.VITRINE_CHROMIUM ?? "/usr/bin/chromium";
/** A busy machine takes seconds for what a page asks; vitest would give up after one. */
const patience = { timeout: 15_000 };
const reasonToSkip = process.env.VITRINE_SKIP_BROWSER ?? (existsSync(executablePath) ? "" : `no ${executablePath}`);

describe.skipIf(reasonToSkip !== "")(`the page in a browser${reasonToSkip && ` (skipped: ${reasonToSkip})`}`, () => {
  let profile: string;
  let browser: BrowserContext;
  let page: Page;
  let painter: Caller;
  const complaints: string[] = [];

  beforeAll(async () => {
    painter = await newCaller("browserpainter");
    const board = await newBoard(painter);
    const drawn = await Promise.all(
      Array.from({ length: 24 }, (_, seed) =>
        drawPicture({ seed: 9000 + seed, width: 400, height: 300 + 20 * (seed % 7) }),
      ),
    );
    await untilSettled(await Promise.all(drawn.map((picture) => upload(painter, board, picture))));
    const service = await tokenFor(undefined, "service");
    await call("/v1/users", { token: service, json: { handle: "browser-visitor", name: "Browser visitor" } });

    profile = mkdtempSync(join(tmpdir(), "vitrine-browser-"));
    browser = await chromium.launchPersistentContext(profile, {
      executablePath,
      headless: true,
      viewport: { width: 1280, height: 900 },
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
    page = await browser.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
  });

  afterAll(async () => {
    await browser?.close();
    if (profile) rmSync(profile, { recursive: true, force: true });
  });

  test("shows the feed, saves a pin, and the feed changes", async () => {
    await page.goto(inject("stackUrl"));
    await page.getByLabel("Demo user").selectOption({ label: "Browser visitor" });
    await page.locator('[data-testid="feed"][aria-busy="false"]').waitFor();
    const pins = page.getByTestId("feed").locator("article[data-pin-id]");
    await pins.nth(8).waitFor();
    const picture = pins.first().locator("img");
    await expect
      .poll(() => picture.evaluate((image) => "naturalWidth" in image && image.naturalWidth), patience)
      .toBeGreaterThan(0);
    expect(await picture.getAttribute("srcset")).toContain("/i/pin_");

    const before = await idsOn(page);
    const chosen = pins.nth(3);
    const id = await chosen.getAttribute("data-pin-id");
    await chosen.getByRole("button", { name: /^Save/ }).click();
    await expect.poll(() => idsOn(page), patience).not.toEqual(before);
    const pressed = page.locator(`article[data-pin-id="${id}"] button[aria-pressed]`);
    expect(await pressed.getAttribute("aria-pressed")).toBe("true");
    expect(complaints).toEqual([]);
  });

  test("asks for the feed again when the region's store was late after a save", async () => {
    let asked = 0;
    const isAnew = (url: URL) => url.pathname === "/v1/feed" && !url.searchParams.has("cursor");
    await page.route(isAnew, async (route) => {
      if (++asked > 1) return route.continue();
      const late = { items: [], cursor: null, region: "weur", degraded: ["recent-actions"] };
      return route.fulfill({ json: late });
    });
    const pins = page.getByTestId("feed").locator("article[data-pin-id]");
    const before = await pins.count();
    await pins.nth(5).getByRole("button", { name: /^Save/ }).click();
    await expect.poll(() => asked, patience).toBe(2);
    await page.unroute(isAnew);
    // The late page, which is empty, was not hung.
    expect(await pins.count()).toBeGreaterThan(before / 2);
  });

  test("opens a pin by keyboard and closes it by Escape", async () => {
    await page.getByTestId("feed").locator("article[data-pin-id] a, article[data-pin-id] button").first().focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByTestId("pin-dialog");
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  });

  test("asks an operator for a service's token, keeps it nowhere, and starts and stops an experiment", async () => {
    const service = await tokenFor(undefined, "service");
    const id = `browser-${Date.now().toString(36)}`;
    const variants = [
      { name: "control", share: 0.5, settings: {} },
      { name: "diverse", share: 0.5, settings: { crowdingWeight: 0.5 } },
    ];
    const rest = { name: `Seen in ${id}`, layer: id, traffic: 0.01, primaryMetric: "saves-per-user" };
    expect((await call("/v1/experiments", { token: service, json: { id, variants, ...rest } })).status).toBe(201);

    await page.getByRole("link", { name: "Experiments and models" }).click();
    const field = page.getByLabel("Token", { exact: true });
    await field.fill(painter.token);
    await field.press("Enter");
    await page.getByText("This needs a token of scope service.").waitFor();
    await field.fill(service);
    await field.press("Enter");

    await page.getByRole("link", { name: rest.name }).focus();
    await page.keyboard.press("Enter");
    const shown = page.getByTestId("experiment");
    await shown.getByText("draft", { exact: true }).waitFor();
    await shown.getByText("crowdingWeight 0.5").waitFor();
    await shown.getByRole("button", { name: "Start", exact: true }).click();
    await shown.getByText("running", { exact: true }).waitFor();
    await page.getByTestId("verdict").getByText("Undecided").waitFor();
    await shown.getByRole("button", { name: "Stop for good" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Stop for good" }).click();
    await shown.getByText("stopped", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Models" }).click();
    await page.getByRole("heading", { name: "Models", exact: true }).waitFor();

    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]));
    expect(kept + JSON.stringify(await browser.cookies())).not.toContain(service);
    await page.reload();
    await field.waitFor();
    expect(await field.inputValue()).toBe("");
    expect(complaints).toEqual([]);
  });
});

function idsOn(page: Page): Promise<(string | null)[]> {
  return page
    .getByTestId("feed")
    .locator("article[data-pin-id]")
    .evaluateAll((articles) => articles.map((article) => article.getAttribute("data-pin-id")));
}
