import { useEffect, useState } from "react";
import { createNearside } from "nearside";

/** Makes a Nearside for as long as the component is there. `changes` counts what happened since: a reason to rank again. */
export function useNearside(pack) {
  const [state, setState] = useState({ nearside: null, error: null });
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    let isLeft = false;
    const creating = createNearside({ pack, onChange: () => setChanges((count) => count + 1) });
    creating.then(
      (nearside) => isLeft || setState({ nearside, error: null }),
      (error) => isLeft || setState({ nearside: null, error }),
    );
    return () => {
      isLeft = true;
      creating.then((nearside) => nearside.dispose(), () => {});
    };
  }, [pack]);
  return { ...state, changes, touch: () => setChanges((count) => count + 1) };
}
