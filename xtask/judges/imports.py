"""Imports every module of a generated package: what is wrong with one is told when it is imported, not before."""

import importlib
import pkgutil
import sys

folder, name = sys.argv[1:]
sys.path.insert(0, folder)
sys.dont_write_bytecode = True
package = importlib.import_module(name)
modules = [found.name for found in pkgutil.walk_packages(package.__path__, f"{name}.")]
for module in modules:
    importlib.import_module(module)
print(f"{len(modules)} modules")
sys.exit(0 if len(modules) > 10 else 1)
