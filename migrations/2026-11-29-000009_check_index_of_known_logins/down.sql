SELECT; -- Nothing to undo.
