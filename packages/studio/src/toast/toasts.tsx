import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";
import "./toasts.css";

export interface Toast {
  text: string;
  /** A colour beside the words: that of the picture they are about. */
  color?: string | null;
  action?: { label: string; run(): void };
}

/** Long enough to read twice and to reach "Undo" by keyboard. */
export const toastMillis = 6_000;

const ToastContext = createContext<(toast: Toast) => void>(() => undefined);
const LineContext = createContext<ReactNode>(null);

/** Shows one quiet line at a time; screen readers are told when they have finished their sentence. */
export function useToast(): (toast: Toast) => void {
  return useContext(ToastContext);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toast, setToast] = useState<(Toast & { key: number }) | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const nextKey = useRef(0);

  const show = useCallback((next: Toast) => {
    clearTimeout(timer.current);
    setToast({ ...next, key: nextKey.current++ });
    timer.current = setTimeout(() => setToast(null), toastMillis);
  }, []);
  const act = ({ action }: Toast) => {
    setToast(null);
    action?.run();
  };
  const line = toast && (
    <div className="toast" key={toast.key}>
      <span className="toast__color" style={{ background: toast.color ?? "var(--dot)" }} />
      <span>{toast.text}</span>
      {toast.action && (
        <button type="button" className="toast__action" onClick={() => act(toast)}>
          {toast.action.label}
        </button>
      )}
    </div>
  );

  return (
    <ToastContext value={show}>
      <LineContext value={line}>
        {children}
        <ToastLine />
      </LineContext>
    </ToastContext>
  );
}

/** Where toasts appear. A modal dialog makes the rest of the page inert, so it holds a line of its own. */
export function ToastLine() {
  const line = useContext(LineContext);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {line}
    </div>
  );
}
