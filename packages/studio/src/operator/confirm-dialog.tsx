import { useEffect, useRef } from "react";
import { lightDismiss } from "../design/light-dismiss.ts";

export interface ConfirmDialogProps {
  title: string;
  text: string;
  /** On the button that does it. */
  word: string;
  onConfirm(): void;
  onClose(): void;
}

/** Asks before what cannot be undone. Cancel has the focus, so that Enter alone does nothing. */
export function ConfirmDialog({ title, text, word, onConfirm, onClose }: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  const confirm = () => {
    close();
    onConfirm();
  };

  return (
    <dialog ref={dialog} className="confirm" aria-labelledby="confirm-title" onClose={onClose} {...lightDismiss}>
      <h2 id="confirm-title">{title}</h2>
      <p>{text}</p>
      <div className="confirm__buttons">
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button type="button" className="button button--filled" onClick={confirm}>
          {word}
        </button>
      </div>
    </dialog>
  );
}
