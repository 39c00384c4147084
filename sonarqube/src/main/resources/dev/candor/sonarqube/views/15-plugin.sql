-- The plugins of each instance, from its latest ping.
SELECT name AS plugin, version, _instance FROM part WHERE list = 'plugins'
