// Something that the gateway is asked for, and its three other states: not yet, failed, asked again.

import { useSignal, type Signal } from "@preact/signals";
import { useCallback, useEffect } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { locked } from "../api/client.ts";

export interface Loaded<T> {
  readonly value: Signal<T | undefined>;
  readonly fault: Signal<string | undefined>;
  reload(): Promise<void>;
}

/** `every`: asked again after so many milliseconds, while the page is visible. */
export function useLoaded<T>(load: () => Promise<T>, every?: number): Loaded<T> {
  const value = useSignal<T | undefined>(undefined);
  const fault = useSignal<string | undefined>(undefined);
  const reload = useCallback(async (): Promise<void> => {
    try {
      value.value = await load();
      fault.value = undefined;
    } catch (error) {
      fault.value = error instanceof Error ? error.message : String(error);
    }
  }, []);
  useEffect(() => {
    void reload();
    if (every === undefined) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden && !locked.value) void reload();
    }, every);
    return () => clearInterval(timer);
  }, []);
  return { value, fault, reload };
}

/** What was loaded stays where a later attempt fails; the fault is shown above it. */
export function Await<T>({
  of,
  what,
  isSaid = false,
  children,
}: {
  readonly of: Loaded<T>;
  /** `the history` */
  readonly what: string;
  /** Whoever is around it shows the fault already. */
  readonly isSaid?: boolean;
  readonly children: (value: T) => ComponentChildren;
}) {
  const { value, fault } = of;
  return (
    <>
      {fault.value !== undefined && !isSaid && (
        <Failed says={fault.value} again={() => void of.reload()} />
      )}
      {value.value !== undefined && children(value.value)}
      {value.value === undefined && fault.value === undefined && (
        <p class="quiet late" role="status">
          Loading {what}…
        </p>
      )}
    </>
  );
}

export function Failed({ says, again }: { readonly says: string; readonly again?: () => void }) {
  return (
    <div class="card alert bad" role="alert">
      <p>{says}</p>
      {again !== undefined && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}
