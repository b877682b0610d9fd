import { expect, test } from "vitest";
import { isHostListed } from "./host-list.ts";

const list = ["Images.example.com", " *.cdn.example.net", "localhost:8080"];

test.each([
  ["https://images.example.com/a.jpg", true],
  ["https://IMAGES.EXAMPLE.COM/a.jpg", true],
  ["https://a.cdn.example.net/a.jpg", true],
  ["https://a.b.cdn.example.net/a.jpg", true],
  ["http://localhost:8080/a.jpg", true],
  ["https://cdn.example.net/a.jpg", false],
  ["https://evilcdn.example.net/a.jpg", false],
  ["https://images.example.com.evil.example/a.jpg", false],
  ["https://images.example.com:8443/a.jpg", false],
  ["https://sub.images.example.com/a.jpg", false],
  ["http://localhost/a.jpg", false],
])("%s is listed: %s", (url, listed) => {
  expect(isHostListed(new URL(url), list)).toBe(listed);
});

test("what is no pattern lists nothing", () => {
  for (const entry of ["", "*", "*.", "https://example.com", "example.*", ".example.com"]) {
    expect(isHostListed(new URL("https://example.com/"), [entry]), entry).toBe(false);
  }
});
